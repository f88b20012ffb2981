"""What an audit shows: result folders, tables, trees, summaries and texts side by side."""
