"""Tests of the way to a new ARN."""
