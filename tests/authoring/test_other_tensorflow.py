"""`authoring/other_tensorflow.py` asks for the right packages; the real run is `make test-tensorflow`."""

import pytest

from authoring import other_tensorflow

PINS = "tensorflow==2.21.0  # x\nkeras==3.15.1  # x\nnumpy==2.4.6  # x\nmatplotlib==3.11.2  # x\nruff==0.1  # x\n"


@pytest.mark.parametrize(
    ("version", "tensorflow"),
    [("2.19", "tensorflow==2.19.*"), ("2.19.1", "tensorflow==2.19.1"), ("newest", "tensorflow")],
)
def test_other_packages_follow_tensorflow(version, tensorflow):
    assert other_tensorflow.wanted(version, PINS) == [tensorflow, "scipy", "jax", "matplotlib==3.11.2"]


@pytest.mark.parametrize("arguments", [[], ["2.19"], ["two", "--"], ["2", "--"]])
def test_wrong_call_is_refused_before_anything_is_made(arguments, monkeypatch, capsys):
    monkeypatch.setattr(
        other_tensorflow.environments, "python", lambda *_, **__: pytest.fail("an environment was made")
    )
    assert other_tensorflow.main(arguments) == 2
    assert "2.19" in capsys.readouterr().err


def test_what_it_needs_is_pinned():
    requirements = (other_tensorflow.ROOT / "requirements.txt").read_text(encoding="utf-8")
    pinned = {line.split("==")[0] for line in requirements.splitlines() if "==" in line}
    assert pinned >= other_tensorflow.NEEDED | {"tensorflow", "keras", "numpy", "scipy", "jax"}
    assert pinned >= set(other_tensorflow.FOLLOW_TENSORFLOW)
