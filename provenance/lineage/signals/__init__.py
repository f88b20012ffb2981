"""What speaks for and against one text being the source of another, as numbers."""
