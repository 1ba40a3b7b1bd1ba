"""What a reader meets: the site, and how it is built, checked, served and opened in a browser."""
