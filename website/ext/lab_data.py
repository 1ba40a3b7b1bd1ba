"""Give `<loss-lab kind="threshold">` the numbers that its lesson computed.

They come from the stored output of the cell tagged `lab-data` on the same page, so that there is no handmade copy to
grow stale. If any of this is missing, the build fails.
"""

import html
import json
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

log = logging.getLogger(__name__)

TAG = "lab-data"
ELEMENT = '<loss-lab kind="threshold"'
KEYS = {"edges", "temperatures", "count", "right", "confidence", "nll"}


def lab_data(notebook: nbformat.NotebookNode) -> dict[str, Any]:
    """Return the JSON object that the notebook's cell tagged `lab-data` displayed.

    Raises ValueError when there is not exactly one such cell, when it stored no JSON object or several, or when a key
    is missing or a table has not one row per temperature and one column per bin.
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
    if missing := KEYS - data.keys():
        raise ValueError(f"the output of the cell tagged {TAG} lacks {', '.join(sorted(missing))}")
    bins, rows = len(data["edges"]) - 1, len(data["temperatures"])
    for key in ("count", "right", "confidence"):
        if [len(row) for row in data[key]] != [bins] * rows:
            raise ValueError(f"{key} must have {rows} rows, one per temperature, of {bins} bins each")
    if len(data["nll"]) != rows:
        raise ValueError(f"nll must have {rows} numbers, one per temperature")
    return data


def with_data(source: str, data: dict[str, Any]) -> str:
    """Return the HTML with the data as an attribute of the element."""
    text = html.escape(json.dumps(data, separators=(",", ":"), sort_keys=True), quote=False)
    text = text.replace("'", "&#x27;")  # a JSON text is full of ", which are allowed between '
    return source.replace(ELEMENT, f"{ELEMENT} data='{text}'", 1)


class LabData(SphinxPostTransform):
    """Put the numbers of a page into its element; a page without the element is left alone."""

    default_priority = 220
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Fill the elements of one page."""
        for node in self.document.findall(nodes.raw):
            if ELEMENT not in node.astext():
                continue
            path = Path(self.env.doc2path(self.env.docname))
            if path.suffix != ".ipynb":
                log.warning(
                    "%s> is on a page that is not a notebook", ELEMENT, location=node, type="lab_data"
                )
                continue
            try:
                data = lab_data(nbformat.read(path, as_version=4))
            except ValueError as error:
                log.warning("%s>: %s", ELEMENT, error, location=node, type="lab_data")
                continue
            node.children[:] = [nodes.Text(with_data(node.astext(), data))]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_post_transform(LabData)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
