"""Tests of findings about an estate."""
