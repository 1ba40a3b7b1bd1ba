"""What is kept and given back: results, tables for learning systems, pages for students."""
