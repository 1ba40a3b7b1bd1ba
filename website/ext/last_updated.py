"""Say on each page when it last changed, from git; if git cannot tell, say nothing."""

import subprocess
from pathlib import Path, PurePosixPath

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

# without git, in an export, or in a shallow clone there is no date, and that is not a fault
SILENT = ("git.subprocess_error", "git.command_not_found", "git.too_shallow")


def text_of(source: str) -> str:
    """Return the text that a notebook was made from: its partner in jupytext's pairing, or its master."""
    path = PurePosixPath(source)
    if path.suffix != ".ipynb":
        return source
    if path.parent.name == "assignments":
        return f"assignments/{path.stem}/{path.stem}.md"
    return str(PurePosixPath("book", *path.parts[1:]).with_suffix(".md"))


def uncommitted(root: Path) -> set[str]:
    """Return the files below `root`, relative to it, that differ from the last commit; none without git."""
    try:
        listed = subprocess.run(
            ["git", "-c", "core.quotePath=false", "diff", "--name-only", "--relative", "-z", "HEAD"],
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    except (subprocess.CalledProcessError, FileNotFoundError):
        return set()
    return set(listed.split("\0")) - {""}


def add_texts(_app: Sphinx, env: BuildEnvironment) -> None:
    """Date a notebook's page by the newer of text and notebook; runs before the dates are asked for."""
    for docname in env.found_docs:
        source = env.doc2path(docname, base=False)
        text = text_of(source)
        if text != source and Path(env.srcdir, text).is_file():
            env.dependencies[docname].add(text)


def drop_false_dates(_app: Sphinx, env: BuildEnvironment) -> None:
    """Remove the date from pages whose sources were edited since the last commit: git does not know their date."""
    changed = uncommitted(Path(env.srcdir))
    for docname, found in env.git_last_updated.items():
        timestamp, _ = found or (None, False)
        source = env.doc2path(docname, base=False)
        if {source, text_of(source)} & changed:
            timestamp = None
        # True: otherwise a file that git does not know is not offered for download
        env.git_last_updated[docname] = timestamp, True


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.setup_extension("sphinx_last_updated_by_git")
    app.config.suppress_warnings = [*app.config.suppress_warnings, *SILENT]
    app.connect("env-updated", add_texts, priority=400)
    app.connect("env-updated", drop_false_dates, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
