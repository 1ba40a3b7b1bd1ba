"""What a page may cost a reader. The browser tests and Lighthouse hold every page against these numbers."""

PAGE_BYTES = 250_000  # gzip, of a page and everything that opening it loads
PAGE_REQUESTS = 35
FIGURE_BYTES = 14_000  # gzip, of the scripts of all interactive figures on a page, which stay below it
SEARCH_BYTES = 350_000  # gzip, of the data that the search loads with the first letter; ten lessons have half
