"""The persistent index, and the filter that asks it what an arriving document is."""
