"""Text to folded tokens that keep their offsets."""
