"""What was handed in, and by whom: found, read, laid out. Nothing of it runs here."""
