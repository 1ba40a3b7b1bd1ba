"""Know where the site will stand: canonical links, previews, the site map and the 404 page need it.

The address is `html: baseurl:` in _config.yml. Where that is empty it follows from `repository: url:`, as GitHub
Pages forms it, so that a fork sets one address only.
"""

from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError


def pages_address(repository: str) -> str:
    """Return where GitHub Pages serves a repository; raise ConfigError for one that is not on GitHub."""
    parts = urlsplit(repository)
    owner, _, name = parts.path.strip("/").removesuffix(".git").partition("/")
    if parts.netloc != "github.com" or not owner or not name or "/" in name:
        raise ConfigError(
            f"_config.yml: from repository.url {repository!r} the address of the site cannot be derived, as it"
            " is not https://github.com/OWNER/NAME; set html.baseurl, such as https://example.org/course/"
        )
    host = f"https://{owner.lower()}.github.io/"
    return host if name.lower() == f"{owner.lower()}.github.io" else f"{host}{name}/"


def set_addresses(_app: Sphinx, config: Config) -> None:
    """Fill every setting that holds the address of the site."""
    address = config.html_baseurl or pages_address(config.html_theme_options.get("repository_url", ""))
    address = address.rstrip("/") + "/"
    config.html_baseurl = address  # canonical links and the site map
    config.ogp_site_url = address
    config.notfound_urls_prefix = urlsplit(address).path


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("config-inited", set_addresses, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
