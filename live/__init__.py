"""The contract with ACM, held against a real account and the strict ACM at once: `make live`, docs/live.md."""
