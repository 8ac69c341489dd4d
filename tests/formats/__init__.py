"""Bytes to contents and back, module by module."""
