"""Tests of what `certkit schedule` writes."""
