"""What a link in Markdown looks like; its address may hold brackets, as Wikipedia's do."""

import re

IN_MARKDOWN = re.compile(r"\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")
