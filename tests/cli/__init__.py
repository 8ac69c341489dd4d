"""Tests of certkit.cli."""
