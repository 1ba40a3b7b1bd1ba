"""What a link in Markdown looks like; its address may contain brackets, as Wikipedia's do."""

import re

IN_MARKDOWN = re.compile(r"\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")
