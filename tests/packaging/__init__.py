"""Tests of what certkit is built from, of what it is built to, and of the workflows that do it."""
