"""Tests of the HTML report in headless Chromium."""
