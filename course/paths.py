"""Where things are. No other file of the project derives a path from its own location."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "book"  # the text, one Markdown file per page
NOTEBOOKS = ROOT / "notebooks"  # the same lessons, executed
ASSIGNMENTS = ROOT / "assignments"  # masters, questions, variants
SHARED_CELLS = ROOT / "authoring" / "shared_cells"  # what is the same in every notebook
GRADING = ROOT / "grading"
WEBSITE = ROOT / "website"
ASSETS = WEBSITE / "assets"  # styles, scripts, fonts of the site
KERNEL = ROOT / "course" / "kernel"  # how lessons are executed and how their figures look
CONFIG = ROOT / "_config.yml"

# made by the verbs of the Makefile, and not in the repository
BUILD = ROOT / "_build"
SITE = BUILD / "html"
CACHE = ROOT / ".cache"
DATA = ROOT / ".keras"
