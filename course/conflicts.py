"""Find what git, or nbdime, leaves in a file when a merge was not finished."""

import re

BETWEEN = "======="
# seven characters at the very beginning of a line, as git writes them; nbdime puts its own into Markdown cells
MARK = re.compile(r'(?:<span style="color:red">\*\*)?(?:<{7}|\|{7}|>{7})(?: .*|\*\*</span>)?$')


def conflict_marks(text: str) -> list[tuple[int, str]]:
    """Return the marks of an unfinished merge in a text, each with its line, counted from 1.

    `=======` is also how Markdown underlines a heading. So it only counts beside another mark, or below an empty line.
    """
    lines = [line.rstrip() for line in text.splitlines()]
    clear = {number: line for number, line in enumerate(lines, 1) if MARK.match(line)}
    between = {
        number: line
        for number, line in enumerate(lines, 1)
        if line == BETWEEN and (clear or number == 1 or not lines[number - 2])
    }
    return sorted((clear | between).items())
