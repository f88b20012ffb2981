"""A crawl of a small web site that stores no story twice."""
