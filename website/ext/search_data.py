"""Write the text of every section into one script, so that search.js finds sections and shows excerpts.

Sphinx's own search finds pages, not sections, skips numbers such as 0.693, and does not split Chinese into words. It
also fetches its excerpts, which a browser refuses for a site that is opened from a folder.
"""

import ast
import html
import json
import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from website.ext.words import words

NAME = "search-data.js"
TAGS = re.compile(r"<[^>]*>")
TEX = re.compile(r"\\(?:left|right|quad|text|mathrm|operatorname|mathbf|begin|end)\b|[\\{}$]")

PLOTTING = re.compile(r"^\s*(?:ax|axes|fig|plt)\b.*$", re.MULTILINE)


def searched_for(code: str) -> str:
    """Return code without its imports, asserts and plotting, which nobody searches for."""
    try:
        statements = list(ast.walk(ast.parse(code)))
    except (SyntaxError, ValueError):  # printed output, or commands of a shell
        return PLOTTING.sub("", code)
    lines = code.split("\n")
    for statement in statements:
        if isinstance(statement, (ast.Assert, ast.Import, ast.ImportFrom)):
            for number in range(statement.lineno - 1, statement.end_lineno):
                lines[number] = ""
    return PLOTTING.sub("", "\n".join(lines))


def text_of_section(section: nodes.Element) -> str:
    """Return the words, code and printed output of a section, without its title and its own sections."""
    parts: list[str] = []

    def collect(node: nodes.Node) -> None:
        if isinstance(node, (nodes.section, nodes.title, nodes.comment, nodes.math_block)):
            return
        if isinstance(node, nodes.math):
            parts.append(TEX.sub(" ", node.astext()))
        elif isinstance(node, nodes.literal_block):
            parts.append(searched_for(node.astext()))
        elif isinstance(node, nodes.raw):
            parts.append(html.unescape(TAGS.sub(" ", node.astext())).replace("$", ""))
        elif isinstance(node, nodes.Text):
            parts.append(node.astext())
        else:
            for child in node.children:
                collect(child)
        if isinstance(node, nodes.Element) and not isinstance(node, nodes.Inline):
            parts.append(" ")  # the last word of a paragraph and the first of the next must not merge

    for child in section.children:
        collect(child)
    return " ".join("".join(parts).split())


def sections(doctree: nodes.document) -> list[tuple[str, str, str]]:
    """Return anchor, title and text of each section of a page in its order; the page itself comes first."""
    return [
        (section["ids"][0], section.next_node(nodes.title).astext(), text_of_section(section))
        for section in doctree.findall(nodes.section)
    ]


def write_data(app: Sphinx, error: Exception | None) -> None:
    """Write _static/search-data.js, pages in the order of the contents."""
    if error or app.builder.format != "html":
        return
    order = [app.config.root_doc, *app.env.toctree_includes.get(app.config.root_doc, [])]
    pages = [
        (app.builder.get_target_uri(name), sections(app.env.get_doctree(name)))
        for name in sorted(
            app.env.found_docs, key=lambda name: (order.index(name) if name in order else len(order), name)
        )
    ]
    say = words(app.config.language)["search"]
    data = json.dumps({"words": say, "pages": pages}, ensure_ascii=False, separators=(",", ":"))
    Path(app.outdir, "_static", NAME).write_text(f"const COURSE = {data};\n", encoding="utf-8")


def leave_out_sphinx_search(app: Sphinx) -> None:
    """Build no index of Sphinx's own; _config.yml adds search.html as a page of ours."""
    if app.builder.format == "html":
        app.builder.search = False  # type: ignore[attr-defined]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("builder-inited", leave_out_sphinx_search)
    app.connect("build-finished", write_data)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
