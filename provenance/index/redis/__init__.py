"""The index on a Redis server, for crawlers on several machines: docs/crawlers.md has its keys."""
