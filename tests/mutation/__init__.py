"""Tests of what changes the code to try the tests."""
