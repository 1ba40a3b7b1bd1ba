"""The addresses of the repository and of the site, both read from the one file that sets them: _config.yml."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import yaml

from course.paths import CONFIG


class Repository(NamedTuple):
    """The address of the repository, without a slash at its end, and its branch."""

    url: str
    branch: str


@cache
def settings(text: str) -> dict[str, Any]:
    """Return what a configuration says, parsed once: the page of each student asks for it."""
    return yaml.safe_load(text)


def repository(config: Path = CONFIG) -> Repository:
    """Return the repository's address and branch."""
    stands = settings(config.read_text(encoding="utf-8"))["repository"]
    return Repository(stands["url"].rstrip("/"), stands["branch"])


def pages_address(repository: str) -> str:
    """Return where GitHub Pages serves a repository; raise ValueError for one that is not on GitHub."""
    parts = urlsplit(repository)
    owner, _, name = parts.path.strip("/").removesuffix(".git").partition("/")
    if parts.netloc != "github.com" or not owner or not name or "/" in name:
        raise ValueError(
            f"_config.yml: the address of the site cannot be derived from repository.url {repository!r}, which"
            " is not https://github.com/OWNER/NAME; set html.baseurl, such as https://example.org/course/"
        )
    host = f"https://{owner.lower()}.github.io/"
    return host if name.lower() == f"{owner.lower()}.github.io" else f"{host}{name}/"


def site_address(config: Path = CONFIG) -> str:
    """Return the site's address, ending in a slash: `html: baseurl:` if it is set, else the one on GitHub Pages."""
    said = settings(config.read_text(encoding="utf-8"))
    given = (said.get("html") or {}).get("baseurl") or ""
    return (given or pages_address(said["repository"]["url"])).rstrip("/") + "/"
