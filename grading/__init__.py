"""Grades what students hand in. To see the commands: python -m grading --help."""
