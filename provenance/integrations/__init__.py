"""The filter inside other programs."""
