"""Tests of certkit.certificate."""
