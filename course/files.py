"""Write a file whole or not at all, so that nobody sees half of it, even after a crash."""

import os
import uuid
from pathlib import Path

PRIVATE = 0o640  # for what others must not read, such as grades


def write_whole(path: Path, text: str, mode: int | None = None) -> None:
    """Write a text as UTF-8 with its line ends unchanged; make the folder if needed; `mode` as chmod takes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(
        f".{uuid.uuid4().hex[:12]}.part"
    )  # short: `path.name` may be as long as a name can be
    try:
        with part.open("x", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if mode is not None:
            part.chmod(mode)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_if_changed(path: Path, text: str) -> bool:
    """Write a text unless the file holds it already, byte for byte; return whether anything changed."""
    if path.exists() and path.read_bytes() == text.encode():
        return False
    write_whole(path, text)
    return True
