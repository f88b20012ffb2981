"""The site that an address belongs to, by the public suffix list that the package brings along."""

from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


@cache
def _suffixes() -> "PublicSuffixList":
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


def site_of(url: str | None) -> str | None:
    """Return the registered domain of an address: 'news.bbc.co.uk' is of 'bbc.co.uk'.

    Private suffixes count ('a.blogspot.com' is a site of its own); an address by number, a name
    without a dot and a bare suffix are their own site. None where there is no host.
    """
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return site_of_host(host) if host else None


def site_of_host(host: str) -> str | None:
    """Return the registered domain of a host; see `site_of`."""
    host = host.lower().removeprefix("www.").strip(".")
    # Two labels are a domain or a suffix, and no list is needed to leave them as they are.
    if host.count(".") < 2 or ":" in host or host.replace(".", "").isdigit():
        return host or None
    return _registered(host) or host


@lru_cache(maxsize=1 << 16)
def _registered(host: str) -> str | None:
    found: str | None = _suffixes().privatesuffix(host)
    return found
