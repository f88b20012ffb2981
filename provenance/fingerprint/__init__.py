"""Shingles, MinHash signatures, bands, and winnowed positions."""
