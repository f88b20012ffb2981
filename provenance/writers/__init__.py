"""A corpus written back without its copies, or with what is known of each document beside it."""
