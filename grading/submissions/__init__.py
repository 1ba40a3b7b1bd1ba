"""Finds, reads and lays out what was handed in, and finds out by whom. None of it runs here."""
