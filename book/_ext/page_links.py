"""Give each page its description and its links: to Colab, to the notebook file, to the text to edit."""

from pathlib import PurePosixPath
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from words import words

COLAB = "https://colab.research.google.com/github"


def add_links(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Fill what book/_templates reads: `page_words`, `page_links`, `page_description`."""
    context["page_words"] = words(app.config.language)["page"]
    context["page_links"] = links(app, pagename, context) if doctree is not None else {}
    context["page_description"] = description(doctree) if doctree is not None else ""


def links(app: Sphinx, pagename: str, context: dict[str, Any]) -> dict[str, str]:
    """Return the addresses for one page; a prose page has only the one to edit it."""
    options = app.config.html_theme_options
    repository, branch = options["repository_url"].rstrip("/"), options["repository_branch"]
    source = PurePosixPath(app.env.doc2path(pagename, base=False))
    if source.suffix != ".ipynb":
        return {"edit": f"{repository}/edit/{branch}/{source}"}
    slug = repository.removeprefix("https://github.com/")
    text = PurePosixPath("book", *source.parts[1:]).with_suffix(".md")  # its other half in jupytext's pairing
    return {
        "colab": f"{COLAB}/{slug}/blob/{branch}/{source}",
        "download": context["pathto"](f"_sources/{context['sourcename']}", 1),
        "edit": f"{repository}/edit/{branch}/{text}",
    }


def description(doctree: nodes.document) -> str:
    """Return the first paragraph that says something, cut at a word, for search engines and link previews."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
        if len(text) > 40:
            return text if len(text) <= 160 else text[:157].rpartition(" ")[0] + " …"
    return ""


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    # before 500, where the theme renders the header once to see whether it is empty
    app.connect("html-page-context", add_links, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
