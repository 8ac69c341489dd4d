"""Tests of certkit.report."""
