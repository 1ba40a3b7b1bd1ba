"""Grades what students hand in. The commands: python -m grading --help."""
