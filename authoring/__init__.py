"""What a writer runs: lessons and assignments from text to executed notebooks, and the rules that they keep."""
