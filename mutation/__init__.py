"""Would the tests notice? The code is changed, one place at a time, and the tests are run: `make mutation`, docs/testing.md."""
