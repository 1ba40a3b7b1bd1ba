"""Mark in highlighted code only what has a colour of its own, in one stretch as far as the colour goes.

Pygments wraps every name, bracket, operator and blank into an element, coloured or not: they were more than half of
the elements of a lesson's page, and a phone lays out each.
"""

import logging
from functools import cache

from pygments.formatters import HtmlFormatter
from pygments.styles import get_style_by_name
from pygments.token import Operator, Text, Token, _TokenType
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.highlighting import PygmentsBridge

BARE = (
    Operator,
)  # stay in the text's colour, whatever the style; `and`, `not` and their like are words of their own


def formatter_for(styles: list[str]) -> type[HtmlFormatter]:
    """Return a formatter of code for pages that show it in one of several Pygments styles."""
    handlers, level = logging.root.handlers[:], logging.root.level
    looks = [get_style_by_name(name) for name in styles]
    # a11y_pygments, once imported, has every library's log printed: not in a build that must be silent
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)

    def alike(one: _TokenType, other: _TokenType) -> bool:
        return all(style.style_for_token(one) == style.style_for_token(other) for style in looks)

    @cache
    def most_general(token: _TokenType) -> _TokenType:
        """Return the ancestor farthest up to which every style gives one look: `'` and `f'` are both a string."""
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
    """Have Sphinx highlight for the two styles that the theme is told to show, the light one and the dark one."""
    options = config.html_theme_options
    PygmentsBridge.html_formatter = formatter_for(
        [options["pygments_light_style"], options["pygments_dark_style"]]
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("config-inited", use_formatter)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
