"""Candidates, alignment, boilerplate, passages and clusters."""
