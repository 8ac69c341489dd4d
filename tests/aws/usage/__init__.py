"""Tests of who uses certificates."""
