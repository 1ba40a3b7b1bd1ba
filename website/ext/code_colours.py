"""Mark in highlighted code only what has a colour of its own, with one element for each stretch of one colour.

Pygments wraps every name, bracket, operator and blank in an element, coloured or not. These were more than half of
the elements of a lesson's page, and a phone lays out each of them.
"""

import logging
from functools import cache

from pygments.formatters import HtmlFormatter
from pygments.styles import get_style_by_name
from pygments.token import Operator, Text, Token, _TokenType
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.highlighting import PygmentsBridge

BARE = (Operator,)  # keep the text's colour in every style; `and`, `not` and the like are not among them


def formatter_for(styles: list[str]) -> type[HtmlFormatter]:
    """Return a formatter of code for pages that show it in one of several Pygments styles."""
    handlers, level = logging.root.handlers[:], logging.root.level
    looks = [get_style_by_name(name) for name in styles]
    # importing a11y_pygments makes every library print its log, but the build must be silent
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)

    def alike(one: _TokenType, other: _TokenType) -> bool:
        return all(style.style_for_token(one) == style.style_for_token(other) for style in looks)

    @cache
    def most_general(token: _TokenType) -> _TokenType:
        """Return the most general ancestor that looks the same in every style: `'` and `f'` are both a string."""
        while token.parent is not None and alike(token, token.parent):
            token = token.parent
        return token

    def plain(token: _TokenType) -> bool:
        return token in BARE or alike(token, Text) or alike(token, Token)

    class CodeFormatter(HtmlFormatter):
        def _get_css_class(self, ttype: _TokenType) -> str:
            return "" if plain(ttype) else super()._get_css_class(most_general(ttype))

    return CodeFormatter


def use_formatter(_app: Sphinx, config: Config) -> None:
    """Make Sphinx highlight for the two styles that the theme is set to show, the light one and the dark one."""
    options = config.html_theme_options
    PygmentsBridge.html_formatter = formatter_for(
        [options["pygments_light_style"], options["pygments_dark_style"]]
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("config-inited", use_formatter)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
