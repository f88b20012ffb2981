"""The commands, one a file: each parses, calls one function of the library, and prints."""
