"""Files are written whole or not at all."""

import pytest

from course import files


def test_a_text_is_written_as_it_is_with_the_rights_that_were_asked_for(tmp_path):
    path = tmp_path / "new" / ("王" * 83 + ".html")  # 254 bytes: a longer name for the part would not fit
    files.write_whole(path, "a\r\nb\n", files.PRIVATE)
    assert path.read_bytes() == b"a\r\nb\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_what_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "x"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        files.write_whole(path, "\ud800")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_same_text_is_not_written_again(tmp_path):
    path = tmp_path / "x"
    assert files.write_if_changed(path, "one")
    before = path.stat().st_mtime_ns
    assert not files.write_if_changed(path, "one")
    assert path.stat().st_mtime_ns == before
    assert files.write_if_changed(path, "two")
