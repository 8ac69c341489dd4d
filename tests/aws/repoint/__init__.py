"""Tests of what has the users of certificates name another."""
