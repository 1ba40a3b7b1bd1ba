"""Join the style sheets of all pages into one and leave out the rules that no page can use.

Theme, notebook, code and formula styles are ten files of 67 KB gzip together. A page uses a fifth of that, and
stays white until all of them have arrived.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from posixpath import normpath
from typing import Any

import tinycss2
from sphinx.application import Sphinx
from tinycss2.ast import AtRule, Node, QualifiedRule

NAME = "course.css"
# what the theme's layout.html loads before the sheets that Sphinx knows of
FROM_THE_THEME = ("basic.css", "styles/pydata-sphinx-theme.css")
# styles/theme.css only imports basic.css
LEFT_OUT = ("styles/theme.css",)
NESTING = ("media", "supports", "layer")
HTML_WORDS = re.compile(r"""<([a-zA-Z][\w-]*)|\b(?:class|id)=(?:"([^"]*)"|'([^']*)')""")
SCRIPT_WORDS = re.compile(r"[A-Za-z_][\w-]*")
URL = re.compile(r"""url\(\s*(['"]?)(?!data:|#|https?:)([^'")]+)\1\s*\)""")
ARGUMENTS = re.compile(r"\([^()]*\)|\[[^\]]*\]")
NEEDED = re.compile(r"[.#]((?:\\.|[\w-])+)|(?:^|(?<=[\s>+~]))([a-zA-Z][\w-]*)")
VARIABLE = re.compile(r"(?<![\w-])--[\w-]+")


def words_of_pages(pages: Iterable[str], scripts: Iterable[str]) -> set[str]:
    """Return the tags, classes and ids that the pages have or that a script may add."""
    found = {"html", "body", "root"}
    for page in pages:
        for tag, *lists in HTML_WORDS.findall(page):
            found.add(tag.lower())
            found.update(word for text in lists for word in text.split())
    for script in scripts:
        found.update(SCRIPT_WORDS.findall(script))
    return found


def selector_can_match(selector: str, known: set[str]) -> bool:
    """Tell whether all tags, classes and ids that a selector asks for occur; what is inside `:is(...)` is ignored."""
    shorter = ARGUMENTS.sub("", selector)
    while shorter != selector:
        selector, shorter = shorter, ARGUMENTS.sub("", shorter)
    return all(
        re.sub(r"\\(.)", r"\1", name) in known if name else tag.lower() in known
        for name, tag in NEEDED.findall(selector.strip())
    )


def trim(css: str, known: set[str]) -> str:
    """Return a style sheet without the rules that no page can use, and without comments."""
    return "".join(_kept(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), known))


def _kept(rules: Iterable[Node], known: set[str]) -> Iterator[str]:
    for rule in rules:
        if isinstance(rule, QualifiedRule):
            selectors = [part for part in _selectors(rule.prelude) if selector_can_match(part, known)]
            if selectors:
                yield f"{','.join(selectors)}{{{_text(rule.content)}}}\n"
        elif isinstance(rule, AtRule) and rule.lower_at_keyword in NESTING and rule.content is not None:
            inner = "".join(
                _kept(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True), known)
            )
            if inner:
                yield f"@{rule.at_keyword}{_text(rule.prelude, strip=False)}{{\n{inner}}}\n"
        elif isinstance(rule, AtRule) and rule.lower_at_keyword != "charset":
            body = ";" if rule.content is None else f"{{{_text(rule.content)}}}"
            yield f"@{rule.at_keyword}{_text(rule.prelude, strip=False)}{body}\n"
        elif rule.type == "error":
            raise ValueError(f"line {rule.source_line} of a style sheet: {rule.message}")


def _selectors(prelude: list[Node]) -> list[str]:
    """Split at the commas between selectors, not at those inside `:is(a, b)`."""
    parts: list[list[Node]] = [[]]
    for token in prelude:
        if token == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [_text(part) for part in parts]


def _text(tokens: list[Node], strip: bool = True) -> str:
    kept = [token for token in tokens if token.type != "comment"]
    for token in kept:
        if token.type == "whitespace":
            token.value = " "
    text = tinycss2.serialize(kept)
    return text.strip() if strip else text


def drop_unused_variables(css: str, elsewhere: str) -> str:
    """Remove custom properties that nothing reads: the theme brings hundreds of colours along."""
    while True:
        used = set(re.findall(r"var\(\s*(--[\w-]+)", css)) | set(VARIABLE.findall(elsewhere))
        shorter = re.sub(
            r"(?<=[{;])\s*(--[\w-]+)\s*:[^;{}]*(?:;|(?=\}))",
            lambda match, used=used: match[0] if match[1] in used else "",
            css,
        )
        if shorter == css:
            return re.sub(r"^[^{}\n]*\{\s*\}\n", "", css, flags=re.MULTILINE)
        css = shorter


def move_addresses(css: str, folder: str) -> str:
    """Rewrite relative addresses of a sheet in `folder` (inside _static) for a sheet in _static itself."""
    return URL.sub(lambda match: f'url("{normpath(f"{folder}/{match[2]}")}")', css)


def sheets_of(app: Sphinx) -> list[str]:
    """Return the list of sheets of this build, in their order, to read and to extend."""
    if not hasattr(app.builder, "sheets"):
        app.builder.sheets = list(FROM_THE_THEME)  # type: ignore[attr-defined]
    return app.builder.sheets  # type: ignore[attr-defined]


def note_sheets(
    app: Sphinx, _pagename: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Remove the style sheets from a page, and remember their order for the one that replaces them."""
    noted = sheets_of(app)
    for sheet in context.get("css_files", []):
        name = str(getattr(sheet, "filename", sheet)).removeprefix("_static/")
        if name not in noted and name not in LEFT_OUT:
            noted.append(name)
    context["css_files"] = []


def write_sheet(app: Sphinx, error: Exception | None) -> None:
    """Write _static/course.css, and remove the sheets that it replaces."""
    if error or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(Path(app.outdir).rglob("*.html"))}
    scripts = [path.read_text(encoding="utf-8") for path in sorted(static.rglob("*.js"))]
    known = words_of_pages(pages.values(), scripts)
    sheets = [static / name for name in sheets_of(app)]
    css = "".join(
        move_addresses(
            trim(sheet.read_text(encoding="utf-8"), known), sheet.parent.relative_to(static).as_posix()
        )
        for sheet in sheets
    )
    css = drop_unused_variables(css, "\n".join([*pages.values(), *scripts]))
    (static / NAME).write_text(css, encoding="utf-8")
    for sheet in static.rglob("*.css"):
        if sheet.name != NAME:
            sheet.unlink()


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("html-page-context", note_sheets, priority=960)
    app.connect("build-finished", write_sheet, priority=950)  # after what writes or removes pages and scripts
    return {"parallel_read_safe": True, "parallel_write_safe": False}
