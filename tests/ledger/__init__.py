"""Tests of certkit.aws, on the strict ACM behind a proxy that can fail."""
