"""Tests of `certkit.fleet`."""
