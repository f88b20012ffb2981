"""How the documents of each corpus were made."""
