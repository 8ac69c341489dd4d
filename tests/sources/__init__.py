"""Tests of certkit.sources."""
