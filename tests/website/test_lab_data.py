"""`website/ext/lab_data.py` carries what notebooks computed into figures, and stops the build if it is missing."""

import html
import json
import re

import nbformat
import pytest

from course.paths import ROOT
from website import build
from website.ext import lab_data

GOOD = {
    "edges": [0, 0.5, 1],
    "temperatures": [1, 2],
    "count": [[0, 4], [1, 3]],
    "right": [[0, 3], [0, 3]],
    "confidence": [[0.0, 3.6], [0.4, 2.9]],
    "nll": [0.4, 0.5],
}

HEADS = {
    "imports": {"NumPy": ["import numpy as np"]},
    "labels": {
        "one of K, integers": {
            "head": "integers",
            "line": "y = y",
            "shape": "(m,)",
            "type": "int64",
            "start": [[3, 1.0986]],
            "formula": "ln K",
        }
    },
    "heads": {"integers": {"NumPy": {"lines": [["layer", "z = h @ W + b"]], "mistakes": []}}},
}


def notebook(*displayed, tags=("lab-data",)):
    outputs = [
        nbformat.v4.new_output("display_data", data={"application/json": data, "text/plain": "the counts"})
        for data in displayed
    ]
    return nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell("other", outputs=[nbformat.v4.new_output("stream", text="{}")]),
            nbformat.v4.new_code_cell("count()", outputs=outputs, metadata={"tags": list(tags)}),
        ]
    )


def test_the_tagged_cell_gives_its_data():
    assert lab_data.lab_data(notebook(GOOD), "threshold") == GOOD
    assert lab_data.lab_data(notebook(HEADS), "finder") == HEADS


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (notebook(GOOD, tags=()), "0 cells are tagged lab-data"),
        (notebook(), "must display one JSON object"),
        (notebook(GOOD, GOOD), "must display one JSON object"),
        (notebook([1, 2]), "must display one JSON object"),
        (
            notebook({key: value for key, value in GOOD.items() if key not in ("nll", "edges")}),
            "lacks edges, nll",
        ),
        (notebook(GOOD | {"right": [[0, 3]]}), "right must have 2 rows, one per temperature, of 2 bins"),
        (notebook(GOOD | {"confidence": [[1.0], [1.0]]}), "confidence must have 2 rows"),
        (notebook(GOOD | {"nll": [0.4]}), "nll must have 2 numbers"),
    ],
)
def test_missing_data_are_named(bad, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        lab_data.lab_data(bad, "threshold")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"labels": None}, "lacks labels"),
        ({"heads": {}}, "belong to 'integers', and there is no such head"),
        ({"heads": {"integers": {}}}, "head 'integers' must be written in NumPy"),
        ({"labels": {"one of K, integers": {"head": "integers"}}}, "lack formula, line, shape, start, type"),
    ],
)
def test_heads_that_a_finder_could_not_show_are_named(change, says):
    data = {key: value for key, value in (HEADS | change).items() if value is not None}
    with pytest.raises(ValueError, match=re.escape(says)):
        lab_data.lab_data(notebook(data), "finder")


def test_attribute_reads_back_as_the_same_data():
    source = '<loss-lab kind="threshold">\n<loss-lab kind="softmax"><loss-lab kind="finder" from="a/b">'
    data = GOOD | {"note": 'it\'s <b> & "c"'}
    asked = []

    def data_for(kind, page):
        asked.append((kind, page))
        return data

    result = lab_data.with_data(source, data_for)
    assert asked == [("threshold", None), ("finder", "a/b")]
    attributes = re.findall(
        r"<loss-lab kind=\"(?:threshold|finder)\"(?: from=\"a/b\")? data='([^']*)'>", result
    )
    assert [json.loads(html.unescape(each)) for each in attributes] == [data, data]
    assert '<loss-lab kind="softmax">' in result


@pytest.mark.parametrize(
    ("name", "kind"), [("08-keras-softmax-regression", "threshold"), ("which-head", "finder")]
)
def test_notebooks_have_what_the_elements_need(name, kind):
    """The elements on the pages are filled from these notebooks when the site is built."""
    stored = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    kinds = [found["kind"] for cell in stored.cells for found in lab_data.ELEMENT.finditer(cell.source)]
    assert kinds == [kind]
    data = lab_data.lab_data(stored, kind)
    assert kind == "finder" or {sum(row) for row in data["count"]} == {10_000}


def built(tmp_path, cells, element='<loss-lab kind="threshold">'):
    """Return exit code and troubles of a real build of one page, and the page."""
    (tmp_path / "_config.yml").write_text(
        "title: A\nexecute: {execute_notebooks: 'off'}\n"
        f"sphinx: {{local_extensions: {{website.ext.lab_data: {ROOT}}}}}\n",
        encoding="utf-8",
    )
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n", encoding="utf-8")
    text = nbformat.v4.new_markdown_cell(f"# A\n\n{element}\n\nWords.\n\n</loss-lab>")
    cells.cells.insert(0, text)
    cells.metadata["language_info"] = {"name": "python", "pygments_lexer": "python"}
    cells.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(cells, tmp_path / "index.ipynb")
    code, log = build.build(tmp_path)
    page = tmp_path / "_build" / "html" / "index.html"
    return code, build.troubles(log), page.read_text(encoding="utf-8") if page.is_file() else ""


def test_a_real_build_fills_the_element_or_fails(tmp_path):
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.mkdir()
    bad.mkdir()
    code, troubles, page = built(good, notebook(GOOD, tags=("lab-data", "remove-output")))
    assert (code, troubles) == (0, [])
    assert re.search(r"<loss-lab kind=\"threshold\" data='\{[^']+\}'>", page)
    code, troubles, _ = built(bad, notebook(GOOD, tags=()))
    assert code != 0
    assert any("0 cells are tagged lab-data" in line for line in troubles)


@pytest.mark.parametrize(("page", "good"), [("index", True), ("other", False)])
def test_an_element_may_name_its_notebook(tmp_path, page, good):
    stored = notebook(HEADS, tags=("lab-data", "remove-output"))
    code, troubles, built_page = built(tmp_path, stored, f'<loss-lab kind="finder" from="{page}">')
    assert (code == 0) == good
    assert bool(re.search(r"<loss-lab kind=\"finder\" from=\"index\" data='\{[^']+\}'>", built_page)) == good
    assert good or any("it names a page that does not exist" in line for line in troubles)
