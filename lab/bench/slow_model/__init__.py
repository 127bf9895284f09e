"""Tests a model that writes a few tokens per second with the whole local stack."""
