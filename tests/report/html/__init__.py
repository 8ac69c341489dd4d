"""Tests of certkit.report.html."""
