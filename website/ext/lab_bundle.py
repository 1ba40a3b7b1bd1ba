"""Make the scripts of the interactive figures: one that every page with a figure loads, and one for each figure.

Browsers refuse to load a module from file://, and the built site has to work from a USB stick. So each is a classic
script with a scope of its own, and what the figures share is in `lossLab`, the one name that all of them see.
"""

import json
import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util import logging

from course.paths import ASSETS
from website.ext.one_scope import EXPORT, closed, in_order
from website.ext.words import words

log = logging.getLogger(__name__)

LAB = ASSETS / "lab"  # a file is a figure; what figures share is in parts/
SHARED = "loss-lab.js"
IMPORT = re.compile(r"^import \{([^}]*)\} from \"\./(parts/)?([\w-]+\.js)\";\n", re.MULTILINE)
ANY_IMPORT = re.compile(r"^import\b.*", re.MULTILINE)
EXPORTED = re.compile(r"^export (?:const|function|class) (\w+)", re.MULTILINE)
DECLARED = re.compile(r"^(?:export )?(?:const|let|function|class) (\w+)", re.MULTILINE)
ELEMENT = re.compile(r"<loss-lab\b[^>]*>")
KIND = re.compile(r'\bkind="([\w-]*)"')
LATER = re.compile(r"\slater\b(?=[^'\"]*>)")  # no value of an attribute


def scripts(table: dict[str, Any], lab: Path = LAB) -> dict[str, str]:
    """Return all scripts by the name of their file, the shared one first.

    `table` is the part `lab` of words.json: a figure's words are under its name and go only into its script.
    Raises ValueError if a figure lacks words or words lack a figure, and for code that could not run.
    """
    figures = {path.stem: path for path in sorted(lab.glob("*.js"))}
    worded = {name for name, said in table.items() if isinstance(said, dict)}
    if odd := sorted(figures.keys() ^ worded):
        raise ValueError(
            f"{', '.join(odd)}: a figure needs a file in {lab.name}/ and words, both with its name"
        )
    around = {name: said for name, said in table.items() if name not in figures}
    shared, names = shared_script(lab / "parts", around)
    return {SHARED: shared} | {
        file_name(kind): figure_script(path, names, table[kind]) for kind, path in figures.items()
    }


def shared_script(parts: Path, table: dict[str, Any]) -> tuple[str, set[str]]:
    """Return all files of a folder in one scope, each before the first that uses it, and the names that they export.

    The script finds `table` as WORDS. Raises ValueError if two files declare the same name: they share one
    scope, so a browser would refuse the script.
    """
    sources = in_order(sorted(parts.glob("*.js")), IMPORT)
    names = [name for source in sources for name in EXPORTED.findall(source)]
    code = [EXPORT.sub("", IMPORT.sub("", source)) for source in sources]
    seen = f"window.lossLab = {{ {', '.join(names)} }};"
    return closed([f"const WORDS = {as_script(table)};", *code, seen]), set(names)


def figure_script(path: Path, names: set[str], table: dict[str, Any]) -> str:
    """Return the file of one figure, which contains its own words.

    `names` are the names that it may import. Raises ValueError if it imports anything else or exports no `figure`.
    """
    source = path.read_text(encoding="utf-8")
    if "figure" not in EXPORTED.findall(source):
        raise ValueError(f"{path.name} exports no `figure`")
    for wanted, folder, name in IMPORT.findall(source):
        if not folder:
            raise ValueError(f"{path.name} imports {name}: what figures share belongs in parts/")
        if missing := set(re.findall(r"\w+", wanted)) - names:
            raise ValueError(
                f"{path.name} imports {', '.join(sorted(missing))}, which no file in parts/ exports"
            )
    code = EXPORT.sub("", IMPORT.sub(r"const {\1} = lossLab;\n", source))
    if left := ANY_IMPORT.search(code):
        raise ValueError(f'{path.name}: write `import {{ names }} from "./parts/…js";`, not {left[0]}')
    there = "if (!window.lossLab) return;"  # else the shared script did not arrive, and the fallback stays
    return closed([there, code, f"lossLab.addFigure({as_script(path.stem)}, figure, {as_script(table)});"])


def as_script(value: object) -> str:
    """Return a value as JavaScript writes it."""
    return json.dumps(value, ensure_ascii=False)


def file_name(kind: str) -> str:
    """Return the name of a figure's script."""
    return f"loss-lab-{kind}.js"


def shown(body: str) -> dict[str, bool]:
    """Return the kinds of figures in a page's body, and whether each is fetched later: all its elements say `later`."""
    found: dict[str, bool] = {}
    for tag in ELEMENT.findall(body):
        kind = KIND.search(tag)
        name = kind[1] if kind else ""
        found[name] = found.get(name, True) and bool(LATER.search(tag))
    return found


def needed(body: str) -> list[str]:
    """Return the scripts that a page loads at once for the figures in its body, the shared one first."""
    kinds = shown(body)
    return [SHARED, *(file_name(kind) for kind, later in kinds.items() if not later)] if kinds else []


def with_sources(body: str, folder: str) -> str:
    """Return the body in which each figure that comes later names its script, whose folder is at this address."""

    def add(tag: re.Match[str]) -> str:
        kind = KIND.search(tag[0])
        if not kind or not kinds.get(kind[1]):
            return tag[0]
        return LATER.sub(f' src="{folder}/{file_name(kind[1])}" later', tag[0])

    kinds = shown(body)
    return ELEMENT.sub(add, body)


def write_scripts(app: Sphinx) -> None:
    """Write the scripts into _static, before the pages: a page's link to a script holds its digest."""
    if app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    static.mkdir(parents=True, exist_ok=True)
    for name, script in scripts(words(app.config.language)["lab"]).items():
        (static / name).write_text(script, encoding="utf-8")


def load_scripts(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Let a page load the scripts of its figures, and no others; warn about a figure that does not exist."""
    body = context.get("body") or ""
    kinds = shown(body)
    for kind in kinds:
        if not Path(app.outdir, "_static", file_name(kind)).is_file():
            log.warning(
                "a <loss-lab> has an unknown kind: there is no %s",
                file_name(kind),
                location=pagename,
                type="lab",
            )
    for name in needed(body):
        if Path(app.outdir, "_static", name).is_file():
            app.add_js_file(name)
    if any(kinds.values()):
        context["body"] = with_sources(body, context["pathto"]("_static", 1))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("builder-inited", write_scripts)
    app.connect("html-page-context", load_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
