"""Tests of telling people."""
