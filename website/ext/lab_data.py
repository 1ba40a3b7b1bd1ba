"""Give the figures that show what a notebook computed their data: `<loss-lab kind="threshold">`, `kind="finder"`.

They come from the stored output of the cell tagged `lab-data`, so that there is no handmade copy to grow stale. The
notebook is the page itself, or the one that the element names: `<loss-lab kind="finder" from="notebooks/which-head">`.
If any of this is missing, the build fails.
"""

import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

log = logging.getLogger(__name__)

TAG = "lab-data"


def counts(data: dict[str, Any]) -> None:
    """Check the data of `threshold`: a row for each temperature, in each a number for each bin of confidence."""
    has(data, {"edges", "temperatures", "count", "right", "confidence", "nll"})
    bins, rows = len(data["edges"]) - 1, len(data["temperatures"])
    for key in ("count", "right", "confidence"):
        if [len(row) for row in data[key]] != [bins] * rows:
            raise ValueError(f"{key} must have {rows} rows, one per temperature, of {bins} bins each")
    if len(data["nll"]) != rows:
        raise ValueError(f"nll must have {rows} numbers, one per temperature")


def heads(data: dict[str, Any]) -> None:
    """Check the data of `finder`: each form of labels names a head, and each head has all ways of writing."""
    has(data, {"imports", "labels", "heads"})
    for name, labels in data["labels"].items():
        if missing := {"head", "line", "shape", "type", "start", "formula"} - labels.keys():
            raise ValueError(f"labels {name!r} lack {', '.join(sorted(missing))}")
        if labels["head"] not in data["heads"]:
            raise ValueError(f"labels {name!r} belong to {labels['head']!r}, and there is no such head")
    for name, head in data["heads"].items():
        if head.keys() != data["imports"].keys():
            raise ValueError(f"head {name!r} must be written in {', '.join(data['imports'])}")


def has(data: dict[str, Any], keys: set[str]) -> None:
    """Raise ValueError unless the data have these keys."""
    if missing := keys - data.keys():
        raise ValueError(f"the output of the cell tagged {TAG} lacks {', '.join(sorted(missing))}")


KINDS: dict[str, Callable[[dict[str, Any]], None]] = {"threshold": counts, "finder": heads}
ELEMENT = re.compile(rf'<loss-lab kind="(?P<kind>{"|".join(KINDS)})"(?: from="(?P<page>[^"]*)")?')


def lab_data(notebook: nbformat.NotebookNode, kind: str) -> dict[str, Any]:
    """Return the JSON object that the notebook's cell tagged `lab-data` displayed.

    Raises ValueError when there is not exactly one such cell, when it stored no JSON object or several, or when the
    object is not what a figure of this kind needs.
    """
    tagged = [cell for cell in notebook.cells if TAG in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        raise ValueError(f"{len(tagged)} cells are tagged {TAG}, exactly one has to be")
    found = [
        output.data["application/json"]
        for output in tagged[0].get("outputs", [])
        if "application/json" in output.get("data", {})
    ]
    if len(found) != 1 or not isinstance(found[0], dict):
        raise ValueError(
            f"the cell tagged {TAG} must display one JSON object; run make sync and look at its output"
        )
    (data,) = found
    KINDS[kind](data)
    return data


def with_data(source: str, data_for: Callable[[str, str | None], dict[str, Any]]) -> str:
    """Return the HTML with data as an attribute of each element, from a function of its kind and the page it names."""

    def fill(element: re.Match[str]) -> str:
        data = data_for(element["kind"], element["page"])
        text = html.escape(json.dumps(data, ensure_ascii=False, separators=(",", ":")), quote=False)
        text = text.replace("'", "&#x27;")  # a JSON text is full of ", which are allowed between '
        return f"{element[0]} data='{text}'"

    return ELEMENT.sub(fill, source)


class LabData(SphinxPostTransform):
    """Put the data into the elements of a page; a page without such elements is left alone."""

    default_priority = 220
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Fill the elements of one page."""
        for node in self.document.findall(nodes.raw):
            if not (element := ELEMENT.search(node.astext())):
                continue
            try:
                node.children[:] = [nodes.Text(with_data(node.astext(), self._data))]
            except ValueError as error:
                log.warning("%s>: %s", element[0], error, location=node, type="lab_data")

    def _data(self, kind: str, page: str | None) -> dict[str, Any]:
        if page is not None and page not in self.env.found_docs:
            raise ValueError("it names a page that does not exist")
        path = Path(self.env.doc2path(page or self.env.docname))
        if path.suffix != ".ipynb":
            raise ValueError("it is on a page that is not a notebook; name one with from=")
        return lab_data(nbformat.read(path, as_version=4), kind)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_post_transform(LabData)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
