"""Set the address that the site will have: canonical links, previews, the site map and the 404 page need it.

The address is `html: baseurl:` in _config.yml. If that is empty, it is the one that GitHub Pages gives to
`repository: url:`, so that a fork sets one address only.
"""

from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from course.addresses import pages_address


def set_addresses(_app: Sphinx, config: Config) -> None:
    """Fill every setting that holds the address of the site."""
    try:
        address = config.html_baseurl or pages_address(config.html_theme_options.get("repository_url", ""))
    except ValueError as error:
        raise ConfigError(str(error)) from error
    address = address.rstrip("/") + "/"
    config.html_baseurl = address  # canonical links and the site map
    config.ogp_site_url = address
    config.notfound_urls_prefix = urlsplit(address).path


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("config-inited", set_addresses, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
