"""Give each page its description and its links: to Colab, to the notebook file, to the text to edit."""

import re
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlencode

from docutils import nodes
from sphinx.application import Sphinx

from website.ext.asides import leading_bold
from website.ext.last_updated import text_of
from website.ext.places import plain
from website.ext.words import words

FORM = (
    "1-lesson.yml"  # in .github/ISSUE_TEMPLATE; menus.js adds the section that is read to its field `place`
)
COLAB = "https://colab.research.google.com/github"
SYMBOLS = {"cdot": "·", "infty": "∞", "sigma": "σ", "sum_": "Σ_"}  # what is left of \\cdot and its like
NAMED = re.compile(r"\b(?:cdot|infty|sigma|sum_)")
SHORTEST, LONGEST = 50, 160  # characters of a description; search engines cut at about 160


def add_links(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Fill what website/templates reads: `page_words`, `page_links`, `page_summary`."""
    say = words(app.config.language)["page"]
    context["page_words"] = say
    context["page_links"] = links(app, pagename, context) if doctree is not None else {}
    context["page_summary"] = say.get(f"about_{pagename}", "") if doctree is None else description(doctree)


def links(app: Sphinx, pagename: str, context: dict[str, Any]) -> dict[str, str]:
    """Return the addresses for one page; a prose page has only those to edit it and to report a fault of it."""
    options = app.config.html_theme_options
    repository, branch = options["repository_url"].rstrip("/"), options["repository_branch"]
    source = PurePosixPath(app.env.doc2path(pagename, base=False))
    report = {"report": f"{repository}/issues/new?{urlencode({'template': FORM, 'place': pagename})}"}
    edit = {"edit": f"{repository}/edit/{branch}/{text_of(str(source))}"} | report
    if source.parent.name == "assignments":
        edit = report  # the text of an assignment holds its solutions: students get no link to it
    if source.suffix != ".ipynb":
        return edit
    slug = repository.removeprefix("https://github.com/")
    return edit | {
        "colab": f"{COLAB}/{slug}/blob/{branch}/{source}",
        "download": context["pathto"](f"_sources/{context['sourcename']}", 1),
    }


def description(doctree: nodes.document) -> str:
    """Return how a page begins, for search engines and previews: its question, then the lesson in short.

    It takes as many paragraphs and list items as are needed to say something, and cuts at a word. Formulas are as one
    types them.
    """
    text = ""
    for part in doctree.findall(nodes.paragraph):
        bold = leading_bold(part.parent) if isinstance(part.parent, nodes.block_quote) else None
        said = plain(part).removeprefix(bold.astext() if bold else "")
        said = NAMED.sub(lambda found: SYMBOLS[found[0]], said)
        text = f"{text} {' '.join(said.split())}".strip()
        if len(text) >= SHORTEST and text[-1:] in ".,?!;":
            break
    if len(text) > LONGEST:
        return text[: LONGEST - 2].rpartition(" ")[0].rstrip(",;:") + " …"
    return text.rstrip(",;") + ("" if text[-1:] in ".?!" else ".")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    # before 500, where the theme renders the header once to see whether it is empty
    app.connect("html-page-context", add_links, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
