"""Tests of the documentation: its links, its command lines, its site."""
