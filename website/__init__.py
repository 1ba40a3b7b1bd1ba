"""What a reader meets: the site, how it is built, checked, served, and looked at in a browser."""
