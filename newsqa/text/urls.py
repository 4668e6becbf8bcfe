"""Addresses: the registered domain of a host, and the form in which two URLs are the same page."""

from __future__ import annotations

import re
from functools import lru_cache

import polars as pl
from publicsuffixlist import PublicSuffixList

_HOST = r"(?i)^\s*(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#@\s]*@)?([^/?#:\s\\]+)"
# Parameters that say where the visitor came from; names that some sites use for the article itself
# (`cid`, `id`, `p`, `src`) are not among them.
_TRACKING = (
    r"utm_\w+|fbclid|gclid|dclid|yclid|twclid|ttclid|msclkid|gbraid|wbraid|igshid|mc_[ce]id|_ga|_gl"
    r"|at_\w+|pk_\w+|mtm_\w+|ns_\w+|cmpid|cmp|icid|ito|ocid|ref|ref_src|ref_url|referrer|sref|smid"
    r"|smtyp|s_cid|spm|xtor|amp|outputtype|wt\.\w+|guccounter|guce_\w+|traffic_source|taid|rss"
    r"|__twitter_impression"
)
# Mobile and AMP editions of the same page.
_EDITION = r"^(?:www\d?|m|mobile|amp)\."


_HOST_NAME = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*")


@lru_cache(maxsize=2)
def _suffixes(unknown: bool) -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=unknown)


@lru_cache(maxsize=65536)
def registered_domain(host: str, *, unknown: bool = True) -> str | None:
    """Return the registered domain of a host name, such as `example.co.uk`, or None.

    Source: the Public Suffix List as bundled with `publicsuffixlist`.

    Args:
        host: Host name.
        unknown: Whether a top-level domain that the list does not know counts as a suffix, which
            is the list's default rule; names of outlets may hold a full stop too.
    """
    folded = host.strip().strip(".").casefold()
    if not _HOST_NAME.fullmatch(folded):
        return None
    domain: str | None = _suffixes(unknown).privatesuffix(folded)
    return domain


@lru_cache(maxsize=65536)
def brand(domain: str) -> str:
    """Return a registered domain without its public suffix: `bbc` of `bbc.co.uk` and `bbc.com`."""
    suffix = _suffixes(unknown=True).publicsuffix(domain)
    return domain.removesuffix(f".{suffix}") if suffix else domain


def host_of(url: pl.Expr) -> pl.Expr:
    """Return the host name in a column of URLs; null where there is none."""
    return url.str.extract(_HOST, 1).str.to_lowercase()


def page_key(url: pl.Expr) -> pl.Expr:
    """Return the form of a URL in which two addresses of one page are equal.

    Left out: scheme, `www.`, mobile and AMP hosts and suffixes, port, fragment, parameters that
    only track the visitor, and slashes at the end. Parameters that may select the article stay in
    their order, and so does the case of the path.
    """
    stripped = url.str.strip_chars().str.replace(r"#(?:[^!].*)?$", "")
    host = host_of(stripped).str.replace(_EDITION, "")
    rest = stripped.str.replace(_HOST, "").str.replace(r"^:\d+", "")
    query = rest.str.extract(r"\?(.*)$", 1)
    kept = query.str.replace_all(rf"(?i)(?:^|&)(?:{_TRACKING})(?:=[^&]*|(&)|$)", "$1")
    path = rest.str.replace(r"\?.*$", "")
    path = path.str.replace(r"(?i)/(?:amp|index\.(?:html?|php))/?$", "").str.strip_chars_end("/")
    kept = kept.str.strip_chars("&")
    tail = pl.when(kept.str.len_bytes() > 0).then("?" + kept).otherwise(pl.lit(""))
    return host + path + tail
