"""Tests of the strict ACM."""
