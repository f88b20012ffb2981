"""Cues, relations, candidate derivations, hidden sources and the lineage they make."""
