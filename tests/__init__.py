"""Tests of certkit."""
