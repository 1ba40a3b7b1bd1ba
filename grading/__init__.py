"""Builds what students receive and grades what they hand in. The commands: python -m grading --help."""
