"""Where the repository and the site stand, from the one place that says it: _config.yml."""

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
    """Return where the repository stands."""
    stands = settings(config.read_text(encoding="utf-8"))["repository"]
    return Repository(stands["url"].rstrip("/"), stands["branch"])


def pages_address(repository: str) -> str:
    """Return where GitHub Pages serves a repository; raise ValueError for one that is not on GitHub."""
    parts = urlsplit(repository)
    owner, _, name = parts.path.strip("/").removesuffix(".git").partition("/")
    if parts.netloc != "github.com" or not owner or not name or "/" in name:
        raise ValueError(
            f"_config.yml: from repository.url {repository!r} the address of the site cannot be derived, as it"
            " is not https://github.com/OWNER/NAME; set html.baseurl, such as https://example.org/course/"
        )
    host = f"https://{owner.lower()}.github.io/"
    return host if name.lower() == f"{owner.lower()}.github.io" else f"{host}{name}/"


def site_address(config: Path = CONFIG) -> str:
    """Return where the site stands, with a slash at its end: `html: baseurl:`, else as GitHub Pages forms it."""
    said = settings(config.read_text(encoding="utf-8"))
    given = (said.get("html") or {}).get("baseurl") or ""
    return (given or pages_address(said["repository"]["url"])).rstrip("/") + "/"
