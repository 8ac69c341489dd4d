"""Tests of certkit.policy, with an evaluator of IAM policies."""
