"""The rules of `authoring/lesson_rules.py`: every lesson keeps them, and each rule tells good from bad."""

import nbformat
import pytest

from authoring import lesson_rules, shared_cells, sync
from course.paths import NOTEBOOKS

LESSONS = sorted(NOTEBOOKS.glob("*.ipynb"))


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_lesson_keeps_every_rule(path):
    assert lesson_rules.check(path) == []


@pytest.mark.parametrize("name", sync.lessons())
def test_text_and_notebook_are_in_sync(name):
    assert sync.check(name) == []


def notebook(*cells):
    return nbformat.v4.new_notebook(cells=list(cells))


def text(source):
    return nbformat.v4.new_markdown_cell(source)


def code(source, outputs=(), count=1, **metadata):
    return nbformat.v4.new_code_cell(
        source, outputs=[nbformat.from_dict(o) for o in outputs], execution_count=count, metadata=metadata
    )


def printed(words, name="stdout"):
    return {"output_type": "stream", "name": name, "text": words}


FIGURE = {
    "output_type": "display_data",
    "metadata": {},
    "data": {"image/svg+xml": "<svg/>", "text/plain": "<Figure>"},
}
ALT = {"mystnb": {"image": {"alt": "The curve rises from 0 to 1 and crosses one half at 0."}}}
FORM = """# 3 · Binary cross-entropy

**Why this loss, and not another?**

You need: lesson 1.
Time: about 30 minutes.

## The idea
## The ladder check
## More traps
## Check yourself
## Exercises
## Remember

1. One.
2. Two.
3. Three.

## Sources"""
SHORT = """# 3 · Binary cross-entropy

**Why this loss, and not another?**

> **In short.** You pay $-\\ln p$, with `f(123)`. Read on.
>
> **The trap:** 0.6931 says nothing learned, and so does a logit of 17.

You need: lesson 1."""
SOLUTION = {"tags": ["hide-cell"], "cellView": "form"}

# rule, a notebook that keeps it, a notebook that breaks it, what the fault must say
SAMPLES = {
    "executed": (
        lesson_rules.executed_in_order,
        notebook(code("1", count=1), code("2", count=2)),
        notebook(code("1", count=1), code("2", count=3)),
        "fresh kernel",
    ),
    "never executed": (
        lesson_rules.executed_in_order,
        notebook(text("prose")),
        notebook(code("1", count=None)),
        "fresh kernel",
    ),
    "stderr": (
        lesson_rules.quiet,
        notebook(code("1", [printed("fine")])),
        notebook(code("1", [printed("UserWarning: no", "stderr")])),
        "UserWarning",
    ),
    "an error": (
        lesson_rules.quiet,
        notebook(code("1", [FIGURE])),
        notebook(code("1", [{"output_type": "error", "ename": "KeyError", "evalue": "", "traceback": []}])),
        "KeyError",
    ),
    "path in an output": (
        lesson_rules.no_absolute_path,
        notebook(code("1", [printed("1/2, odds/after, https://keras.io/api/losses")])),
        notebook(code("1", [printed("saved to /home/me/model.keras")])),
        "/home/me",
    ),
    "path in the code": (
        lesson_rules.no_absolute_path,
        notebook(code("a / b / c")),
        notebook(code("open('/home/me/data.csv')")),
        "/home/me",
    ),
    "ignored without assert": (
        lesson_rules.ignored_outputs_assert,
        notebook(code("x = f()\nassert x > 0.8", tags=["nbval-ignore-output"])),
        notebook(code("x = f()  # assert x", tags=["nbval-ignore-output"])),
        "asserts nothing",
    ),
    "assert that cannot fail": (
        lesson_rules.ignored_outputs_assert,
        notebook(code("np.testing.assert_allclose(x, y)", tags=["nbval-ignore-output"])),
        notebook(code("assert True", tags=["nbval-ignore-output"])),
        "asserts nothing",
    ),
    "comment marker": (
        lesson_rules.ignored_outputs_assert,
        notebook(code("# nothing of nbval here\n1")),
        notebook(code("# NBVAL_SKIP\n1")),
        "NBVAL_SKIP",
    ),
    "skipped cell": (
        lesson_rules.ignored_outputs_assert,
        notebook(code("1", tags=["hide-cell"])),
        notebook(code("1", tags=["nbval-skip"])),
        "untested",
    ),
    "import of what Colab lacks": (
        lesson_rules.only_colab_imports,
        notebook(code("import os, numpy.linalg\nfrom sklearn import datasets")),
        notebook(code("from d2l import tensorflow as d2l")),
        "d2l",
    ),
    "import of this repository": (
        lesson_rules.only_colab_imports,
        notebook(code("from matplotlib import pyplot")),
        notebook(code("def f():\n    from .tools import sync")),
        ".tools",
    ),
    "installing": (
        lesson_rules.only_colab_imports,
        notebook(code("%matplotlib inline\n1")),
        notebook(code("%pip install d2l")),
        "installs",
    ),
    "directive": (
        lesson_rules.plain_markdown,
        notebook(text("> **Note.** plain\n\n```python\nx = {}\n```")),
        notebook(text("```{note}\nNo.\n```")),
        "directive",
    ),
    "colon fence": (
        lesson_rules.plain_markdown,
        notebook(text("a :: b")),
        notebook(text(":::{tip}\nNo.\n:::")),
        "directive",
    ),
    "role": (
        lesson_rules.plain_markdown,
        notebook(text("a set $\\{x\\}$ and `{ref}` in code")),
        notebook(text("see {ref}`here`")),
        "role",
    ),
    "target": (
        lesson_rules.plain_markdown,
        notebook(text("f(x)=\n1")),
        notebook(text("(here)=\n## Heading")),
        "target",
    ),
    "comment": (
        lesson_rules.plain_markdown,
        notebook(text("about 5 % more\n\n+ one\n+ two")),
        notebook(text("% a note to myself")),
        "comment",
    ),
    "cell break": (
        lesson_rules.plain_markdown,
        notebook(text("a + b")),
        notebook(text("One.\n\n+++\n\nTwo.")),
        "cell break",
    ),
    "substitution": (
        lesson_rules.plain_markdown,
        notebook(text("$e^{x}$ and `{{ x }}` in code")),
        notebook(text("as in {{ version }}")),
        "substitution",
    ),
    "unfinished merge": (
        lesson_rules.no_conflict_marks,
        notebook(text("Heading\n=======\n\nGit writes `<<<<<<< HEAD`.")),
        notebook(text("- a\n>>>>>>> feature/typo")),
        "unfinished merge",
    ),
    "on trust": (
        lesson_rules.nothing_on_trust,
        notebook(text("The cell shows that the two agree.")),
        notebook(text("It can be shown that the two agree.")),
        "asks for trust",
    ),
    "figure without alt": (
        lesson_rules.figures_have_alt_text,
        notebook(code("plot()", [FIGURE], **ALT)),
        notebook(code("plot()", [FIGURE])),
        "alt text",
    ),
    "alt without figure": (
        lesson_rules.figures_have_alt_text,
        notebook(code("plot()", [FIGURE, FIGURE], **ALT)),
        notebook(code("plot()", [printed("nothing")], **ALT)),
        "no figure",
    ),
    "picture without alt": (
        lesson_rules.figures_have_alt_text,
        notebook(text("![A ladder of five rungs, all with one cost](x.svg)")),
        notebook(text("![](x.svg)")),
        "alt text",
    ),
    "dead link": (
        lesson_rules.links_lead_somewhere,
        notebook(text("[one](01-sigmoid.ipynb#remember) and [web](https://doi.org/10.1093/x(2)y)")),
        notebook(text("[none](99-nothing.ipynb)")),
        "no such lesson",
    ),
    "link that only the site understands": (
        lesson_rules.links_lead_somewhere,
        notebook(text("`[x](y)` in code")),
        notebook(text("[start](../book/index.md)")),
        "link to a lesson as",
    ),
    "no question": (
        lesson_rules.has_the_form,
        notebook(text(FORM)),
        notebook(text(FORM.replace("**Why this loss, and not another?**", "This is a loss."))),
        "question",
    ),
    "section missing": (
        lesson_rules.has_the_form,
        notebook(text(FORM)),
        notebook(text(FORM.replace("## Check yourself\n", ""))),
        "sections",
    ),
    "sections out of order": (
        lesson_rules.has_the_form,
        notebook(text(FORM)),
        notebook(text(FORM.replace("## The ladder check\n## More traps", "## Traps\n## The ladder check"))),
        "in this order",
    ),
    "remember two": (
        lesson_rules.has_the_form,
        notebook(text(FORM)),
        notebook(text(FORM.replace("3. Three.\n", ""))),
        "three",
    ),
    "no title": (
        lesson_rules.has_the_form,
        notebook(text(FORM)),
        notebook(text(FORM.replace("# 3 · ", "# "))),
        "title",
    ),
    "no minutes": (
        lesson_rules.has_the_form,
        notebook(text(FORM)),
        notebook(text(FORM.replace("Time: about 30 minutes.", ""))),
        "minutes",
    ),
    "not in short": (
        lesson_rules.says_it_in_short,
        notebook(text(SHORT), code("print(loss)", [printed("0.6931")]), code("assert z == 17")),
        notebook(text(SHORT.replace("> **In short.**", "> **Note.**")), code("0.693, 17")),
        "followed by the lesson",
    ),
    "a long short": (
        lesson_rules.says_it_in_short,
        notebook(text(SHORT.replace("Read on.", "word " * 100)), code("0.6931, 17")),
        notebook(text(SHORT.replace("Read on.", "word " * 120)), code("0.6931, 17")),
        "at most 120",
    ),
    "a number that no cell shows": (
        lesson_rules.says_it_in_short,
        notebook(text(SHORT), code("1", [{**FIGURE, "data": {"text/markdown": "0.6931 at 17"}}])),
        notebook(text(SHORT), code("1", [printed("0.693 and 17")])),
        "says 0.6931",
    ),
    "a picture below its code": (
        lesson_rules.pictures_come_before_their_code,
        notebook(code("plt.show()", [FIGURE], tags=["hide-input"]), code("1", [printed("1")])),
        notebook(code("plt.show()", [FIGURE])),
        "hide-input",
    ),
    "open solution": (
        lesson_rules.solutions_are_folded,
        notebook(code("# @title Solution 1\n1", **SOLUTION)),
        notebook(code("# @title Solution 1\n1")),
        "hide-cell",
    ),
    "no setup": (
        lesson_rules.shared_cells_first,
        notebook(code(shared_cells.cells()["# @title Setup"]), code("import tensorflow as tf")),
        notebook(code("import tensorflow as tf")),
        "authoring/shared_cells/setup.py",
    ),
    "no solution": (
        lesson_rules.solutions_are_folded,
        notebook(code("# @title Solution 1\n1", **SOLUTION)),
        notebook(code("1")),
        "no exercise",
    ),
}


@pytest.mark.parametrize(("rule", "good", "bad", "says"), SAMPLES.values(), ids=SAMPLES)
def test_rule_tells_good_from_bad(rule, good, bad, says):
    assert rule(good) == []
    faults = rule(bad)
    assert len(faults) == 1
    assert says in faults[0]


def test_every_rule_has_a_sample():
    assert {rule for rule, *_ in SAMPLES.values()} == set(lesson_rules.RULES + lesson_rules.LESSON_RULES)


def test_a_notebook_that_is_too_large_is_named(tmp_path):
    path = tmp_path / "01-large.ipynb"
    nbformat.write(notebook(text(FORM), code("1", [printed("x" * lesson_rules.MAX_BYTES)])), path)
    assert any("bytes stored" in fault for fault in lesson_rules.check(path))


def test_a_page_without_a_number_needs_no_lesson_form(tmp_path):
    for name, faults in {"calls-side-by-side.ipynb": 0, "04-softmax.ipynb": 1}.items():
        nbformat.write(notebook(text("# Side by side"), code("1")), tmp_path / name)
        assert bool(lesson_rules.check(tmp_path / name)) == bool(faults)


def test_the_command_prints_faults_and_fails(tmp_path, capsys):
    path = tmp_path / "01-bad.ipynb"
    nbformat.write(notebook(code("1", count=None)), path)
    assert lesson_rules.main([str(path)]) == 1
    assert "01-bad.ipynb: not executed in order" in capsys.readouterr().out
    assert lesson_rules.main([str(LESSONS[0])]) == 0
