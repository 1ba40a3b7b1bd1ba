"""Where the site stands is read from a configuration, and read anew where somebody edits it."""

from course import addresses


def test_an_edited_configuration_is_read_anew_and_an_old_one_is_not_parsed_again(tmp_path, monkeypatch):
    config = tmp_path / "_config.yml"
    config.write_text(
        "repository: {url: https://github.com/somebody/course, branch: main}\n", encoding="utf-8"
    )
    assert addresses.site_address(config) == "https://somebody.github.io/course/"
    with monkeypatch.context() as without_parser:
        without_parser.setattr(addresses.yaml, "safe_load", None)
        assert addresses.site_address(config) == "https://somebody.github.io/course/"
        assert addresses.repository(config).branch == "main"
    config.write_text("html: {baseurl: https://example.org/course}\n", encoding="utf-8")
    assert addresses.site_address(config) == "https://example.org/course/"
