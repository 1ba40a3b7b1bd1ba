"""Write what the search knows of each place into two scripts, so that it leads to the smallest one that answers.

A place is a question, a trap, a term of the glossary, a row of the error table or a section. `search-data.js` holds
those that answer by themselves, and the words of the language; `search-data-lessons.js` holds the sections, which are
more text than all others together. Both are scripts because a browser fetches nothing for a page from a folder.
"""

import ast
import html
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from course.paths import WEBSITE
from website.ext.asides import leading_bold
from website.ext.places import GLOSSARY, TABLES, plain, table_rows, term_title, trap_title
from website.ext.words import words

ANSWERS, LESSONS = "search-data.js", "search-data-lessons.js"
SETTINGS = WEBSITE / "ext" / "search_words.toml"
QUESTIONS = "questions"
CALL = "courseSearch.receive("
TAGS = re.compile(r"<[^>]*>")
# in the questions page: what programs print, in small type, and other words for the question, unseen
PRINTED = re.compile(r'<p class="printed">(.*?)</p>', re.DOTALL)
ASKED = re.compile(r"<!-- asked:(.*?)-->", re.DOTALL)
THREAD = re.compile(r"https://github\.com/[\w.-]+/[\w.-]+/(?:issues|pull)/\d+$")
PLOTTING = re.compile(r"^\s*(?:ax|axes|fig|plt)\b.*$", re.MULTILINE)
# what is looked for as one in code: a shape, p * (1 - p), ln(2), a power of ten, a name or number
PIECE = re.compile(
    r"[(\[][^()\[\]\n]{0,20},[^()\[\]\n]{0,20}[)\]]|\b(\w+(?:\(\w\))?)\s*\*?\s*\(\s*1\s*[-−]\s*\1\s*\)"
    r"|\b(?:ln|log)\s*\(?\s*(?:\d+|[kK])\b\)?|10\s?\^\s?-?\d+|\w[\w.'-]*\w|\w"
)
# sections that repeat, test or list; a reader with a question wants the place that explains
ASIDES = ("exercises", "check-yourself", "remember", "sources", "the-ladder-check", "setup")


class Place(NamedTuple):
    """What the search knows of a place: texts by what they are, each with a line for each paragraph."""

    kind: str
    anchor: str
    title: str
    text: str
    code: str = ""
    asked: str = ""


def searched_for(code: str) -> str:
    """Return code without its imports and plotting, which nobody searches for."""
    try:
        statements = list(ast.walk(ast.parse(code)))
    except (SyntaxError, ValueError):  # printed output, or commands of a shell
        return PLOTTING.sub("", code)
    lines = code.split("\n")
    for statement in statements:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            for number in range(statement.lineno - 1, statement.end_lineno or statement.lineno):
                lines[number] = ""
    return PLOTTING.sub("", "\n".join(lines))


def distinct(code: str) -> str:
    """Return each name, number, shape and formula of a code once: a place repeats them, and nobody reads them there."""
    return " ".join(dict.fromkeys(found[0] for found in PIECE.finditer(code)))


def names_a_thread(paragraph: nodes.paragraph) -> bool:
    """Tell whether a paragraph says where something was asked in public."""
    return any(THREAD.match(link.get("refuri", "")) for link in paragraph.findall(nodes.reference))


class Texts:
    """Collects the texts of nodes: prose, code with formulas and printed output, and what people paste."""

    def __init__(self, found: Iterable[nodes.Node]) -> None:
        self.prose: list[str] = []
        self.code: list[str] = []
        self.asked: list[str] = []
        for node in found:
            self._collect(node)

    def _collect(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.section | nodes.title | nodes.comment | nodes.image):
            return
        if isinstance(node, nodes.paragraph) and names_a_thread(node):
            self.code.append(plain(node))  # where to read on and who asked: no sentence of the answer
            return
        if isinstance(node, nodes.literal_block):
            self.code.append(searched_for(node.astext()))
        elif isinstance(node, nodes.math_block):
            self.code.append(plain(node))
        elif isinstance(node, nodes.raw):
            text = node.astext()
            self.asked += [html.unescape(TAGS.sub("\n", found)) for found in PRINTED.findall(text)]
            self.asked += [found.replace(" | ", "\n") for found in ASKED.findall(text)]
            rest = TAGS.sub(" ", ASKED.sub("", PRINTED.sub("", text)))
            self.prose.append(html.unescape(rest).replace("$", ""))
        elif isinstance(node, nodes.Inline | nodes.Text | nodes.math):
            self.prose.append(plain(node))
        elif isinstance(node, nodes.Element):
            for child in node.children:
                self._collect(child)
            self.prose.append("\n")

    def place(self, kind: str, anchor: str, title: str) -> Place:
        """Return the place that these texts belong to."""
        return Place(
            kind,
            anchor,
            " ".join(title.split()),
            tidy("".join(self.prose)),
            distinct("\n".join(self.code)),
            tidy("\n".join(self.asked)),
        )


def tidy(text: str) -> str:
    """Return the lines of a text that are not empty, each without needless blanks."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def places(doctree: nodes.document, name: str, language: str | None) -> Iterator[Place]:
    """Yield the places of a page in their order; the page itself comes first."""
    for number, section in enumerate(doctree.findall(nodes.section)):
        title = plain(section.next_node(nodes.title))
        anchor = section["ids"][0] if number else ""
        own = [node for node in section.children if not isinstance(node, nodes.section | nodes.title)]
        if name == GLOSSARY:
            terms = [node for node in own if isinstance(node, nodes.definition_list)]
            own = [node for node in own if node not in terms]
            yield Texts(own).place("section", anchor, title)
            for item in section.findall(nodes.definition_list_item):
                yield glossary_place(item)
            continue
        rest, traps = split_traps(own, language)
        rows = list(table_rows(section)) if set(section["ids"]) & set(TABLES) else []
        yield Texts(rest).place(kind_of(section, name), anchor, title)
        for quote, belonging in traps:
            place = Texts(belonging).place("trap", quote["ids"][0], trap_title(quote, language))
            opener = tidy(plain(leading_bold(quote)))  # the title says the same
            yield place._replace(text=place.text.removeprefix(opener).strip())
        for row in rows:
            yield row_place(row)


def kind_of(section: nodes.section, name: str) -> str:
    """Return what a section is: a question stands below a topic of the page of questions."""
    if name == QUESTIONS and isinstance(section.parent.parent, nodes.section):
        return "question"
    return "aside" if section["ids"][0].startswith(ASIDES) else "section"


def split_traps(
    found: list[nodes.Node], language: str | None
) -> tuple[list[nodes.Node], list[tuple[nodes.Element, list[nodes.Node]]]]:
    """Return what belongs to the section itself, and its traps, each with what belongs to it.

    Among several traps everything up to the next one belongs to it. A single one in a section that explains takes what
    comes right after it, and the section keeps all.
    """
    at = [number for number, node in enumerate(found) if trap_title(node, language)]
    if len(at) < 2:
        return found, [(found[start], found[start : start + 2]) for start in at]
    ends = [*at[1:], len(found)]
    return found[: at[0]], [(found[start], found[start:end]) for start, end in zip(at, ends, strict=True)]


def glossary_place(item: nodes.definition_list_item) -> Place:
    """Return a term of the glossary; its translation is one more way to ask for it."""
    term = next(iter(item.findall(nodes.term)))
    place = Texts(item.findall(nodes.definition)).place("term", term["ids"][0], term_title(term))
    return place._replace(asked=plain(term).partition(" · ")[2])


def row_place(row: nodes.row) -> Place:
    """Return a row of a table: its first cell is the title, the others are sentences."""
    first, *others = row.children
    place = Texts([first, *others]).place("error", row["ids"][0], plain(first))
    return place._replace(
        text=". ".join(tidy(plain(cell)) for cell in others) + ".", asked=tidy(plain(first))
    )


def data(app: Sphinx) -> dict[str, dict[str, Any]]:
    """Return what both scripts hold, by their name; pages stand in the order of the contents."""
    order = [app.config.root_doc, *app.env.toctree_includes.get(app.config.root_doc, [])]
    language = app.config.language
    settings = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))[(language or "en").split("_")[0]]
    answers: list[Any] = []
    lessons: list[Any] = []
    for name in sorted(
        app.env.found_docs, key=lambda name: (order.index(name) if name in order else len(order), name)
    ):
        found = list(places(app.env.get_doctree(name), name.rpartition("/")[2], language))
        page = [app.builder.get_target_uri(name), found[0].title]
        for where, chosen in (
            (answers, [place for place in found if place.kind not in ("section", "aside")]),
            (lessons, [place for place in found if place.kind in ("section", "aside")]),
        ):
            kept = [trimmed(place) for place in chosen if place.text or place.code]
            if kept:
                where.append([*page, kept])
    say = {
        "words": words(language)["search"],
        "stop": settings["stop"].split(),
        "joined": settings["joined"],
        "synonyms": [row["same"] for row in settings["synonyms"]],
    }
    return {ANSWERS: {"settings": say, "pages": answers}, LESSONS: {"pages": lessons}}


def trimmed(place: Place) -> list[str]:
    """Return a place without the texts at its end that are empty."""
    texts = list(place)
    while not texts[-1]:
        texts.pop()
    return texts


def as_script(what: dict[str, Any]) -> str:
    """Return the script that hands data over."""
    return f"{CALL}{json.dumps(what, ensure_ascii=False, separators=(',', ':'))});\n"


def from_script(script: str) -> Any:
    """Return the data of such a script."""
    return json.loads(script.strip().removeprefix(CALL).removesuffix(");"))


class LeaveOutTheUnseen(SphinxPostTransform):
    """Keep out of the pages what only the search reads."""

    default_priority = 200
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Take the comments out of one page; the tree that the search reads keeps them."""
        for raw in list(self.document.findall(nodes.raw)):
            if ASKED.fullmatch(raw.astext().strip()):
                raw.parent.remove(raw)


def write_data(app: Sphinx, error: Exception | None) -> None:
    """Write both scripts."""
    if error or app.builder.format != "html":
        return
    for name, what in data(app).items():
        Path(app.outdir, "_static", name).write_text(as_script(what), encoding="utf-8")


def leave_out_sphinx_search(app: Sphinx) -> None:
    """Build no index of Sphinx's own; _config.yml adds search.html as a page of ours."""
    if app.builder.format == "html":
        app.builder.search = False  # type: ignore[attr-defined]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("builder-inited", leave_out_sphinx_search)
    app.add_post_transform(LeaveOutTheUnseen)
    app.connect("build-finished", write_data)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
