"""Addresses: the registered domain of a host, and the form in which two URLs are the same page."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

import polars as pl
from publicsuffixlist import PublicSuffixList

_HOST = r"(?i)^\s*(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#@\s]*@)?([^/?#:\s\\]+)"
# Parameters that say where the visitor came from, who he is, or how the page is shown; names that
# some sites use for the article itself (`cid`, `id`, `p`, `src`) are not among them.
_TRACKING = (
    r"utm_\w+|fbclid|gclid|dclid|yclid|ysclid|twclid|ttclid|msclkid|gad_\w+|[gw]braid|igsh(?:id)?"
    r"|mc_[ce]id|_ga|_gl|at_\w+|pk_\w+|mtm_\w+|piwik_\w+|matomo_\w+|ns_\w+|cmpid|cmp|icid|ito|ocid"
    r"|ncid|mbid|ref|ref_src|ref_url|referrer|sref|smid|smtyp|s_cid|s_kwcid|sc_(?:cid|\w*campaign)"
    r"|spm|xtor|wt\.\w+|wprov|guccounter|guce_\w+|traffic_source|taid|rss|__twitter_impression|trk"
    r"|fb_(?:action_\w+|comment_id|ref|source)|_hs\w+|hsctatracking|mkt_tok|vero_\w+|_openstat"
    r"|srsltid|li_fat_id|epik|_branch_match_id|irclickid|ef_id|elq\w*|oly_\w+_id|dicbo|tblci"
    r"|oborigurl|usqp|_?amp|amp_\w+|outputtype|nocache|cn-reloaded|phpsessid|jsessionid"
    r"|aspsessionid\w*"
)
_SHOWN = (
    r"share=[a-z-]+|print(?:=(?:1|true|yes|print))?|(?:output|view|platform)=(?:print|amp)"
    r"|page=with(?::|%3a)block[^&]*"
)
_DROPPED = rf"(?i)^(?:(?:{_TRACKING})(?:=.*)?|{_SHOWN}|)$"
_INDEX = r"(?i)/(?:index\.(?:html?|php)|default\.aspx?)$"
# Mobile and AMP editions of the same page, but not domains of that name.
_EDITION = r"^(?:www\d?|m|mobile|amp)\."
# An address of which only host and slashes at the end can differ from its key, as of most.
_PLAIN = r"^(?i:https?)://[^/?#:\s\\%@;&]+(?:/[^?#%;&\s]*)?$"
_ODD = r"(?i)xn--|[/.]amp|/index\.|/default\.|//.*//"
_RESERVED = re.compile(r"%(?=2[0-9a-cf]|3[abdf]|40|5[bd]|[01])", re.IGNORECASE)


_HOST_NAME = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*")


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


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
    domain: str | None = _suffixes().privatesuffix(folded, accept_unknown=unknown)
    return domain


@lru_cache(maxsize=65536)
def brand(domain: str) -> str:
    """Return a registered domain without its public suffix: `bbc` of `bbc.co.uk` and `bbc.com`."""
    suffix = _suffixes().publicsuffix(domain)
    return domain.removesuffix(f".{suffix}") if suffix else domain


def host_of(url: pl.Expr) -> pl.Expr:
    """Return the host name in a column of URLs; null where there is none."""
    return url.str.extract(_HOST, 1).str.to_lowercase()


def page_key(url: pl.Expr) -> pl.Expr:
    """Return the form of a URL in which two addresses of one page are equal.

    Left out: scheme, `www.`, mobile and AMP hosts and paths, the scheme's port, fragments but those
    that select the page (`#!`, `#/`), names of index files, session numbers, parameters that only
    track the visitor or ask for a print view, and slashes at the end. Other parameters may select
    the article and stay, in alphabetical order, and so does the case of the path. Letters are
    compared as letters, whether or not they are percent-encoded or Punycode.
    """
    return url.map_batches(_page_keys, return_dtype=pl.String)


def _page_keys(urls: pl.Series) -> pl.Series:
    odd = ~urls.str.contains(_PLAIN) | urls.str.contains(_ODD)
    parts = urls.str.splitn("/", 4).struct.unnest()
    host = _host_keys(parts["field_2"])
    path = pl.concat_str(pl.lit("/"), pl.col("field_3").fill_null("")).str.strip_chars_end("/")
    keys = host + parts.select(path).to_series()
    places = odd.arg_true()
    if not len(places):
        return keys
    others = pl.DataFrame({"url": urls.gather(places)}).select(_page_key(pl.col("url")))
    return keys.scatter(places, others["url"])


def _host_keys(hosts: pl.Series) -> pl.Series:
    names = hosts.str.to_lowercase().str.strip_chars_end(".")
    editions = names.str.contains(rf"{_EDITION}.+\..").arg_true()
    return names.scatter(editions, names.gather(editions).str.replace(_EDITION, ""))


def _page_key(url: pl.Expr) -> pl.Expr:
    cleaned = url.str.strip_chars().str.replace_all("&amp;", "&", literal=True)
    stripped = cleaned.str.replace(r"#(?:[^!/].*)?$", "")
    host = host_of(stripped).map_batches(_host_keys, return_dtype=pl.String)
    host = host.map_batches(_unicode_hosts, return_dtype=pl.String)
    rest = stripped.str.replace(_HOST, "").map_batches(_decoded, return_dtype=pl.String)
    port = rest.str.extract(r"^(:\d+)", 1).str.replace(r"^:(?:80|443)$", "").fill_null("")
    path = rest.str.replace(r"^:\d+", "").str.replace(r"\?.*$", "")
    path = (
        path.str.replace_all(r"/{2,}", "/")
        .str.replace(r"(?i);jsessionid=[^/]*", "")
        .str.replace(r"(?i)^/amp/", "/")
        .str.replace(r"(?i)/amp/?$", "")
        .str.replace(r"(?i)\.amp(\.html?)?$", "$1")
        .str.replace(_INDEX, "")
        .str.strip_chars_end("/")
    )
    parameters = rest.str.extract(r"\?(.*)$", 1).fill_null("").str.split("&")
    kept = parameters.list.eval(pl.element().filter(~pl.element().str.contains(_DROPPED)))
    query = kept.list.sort().list.join("&")
    return host + port + path + pl.when(query != "").then("?" + query).otherwise(pl.lit(""))


def _unicode_hosts(hosts: pl.Series) -> pl.Series:
    """Return host names in letters instead of Punycode."""
    coded = hosts.filter(hosts.str.contains("xn--", literal=True)).unique().drop_nulls()
    if coded.is_empty():
        return hosts
    return hosts.replace({host: _unicode_host(host) for host in coded})


def _unicode_host(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def _decoded(texts: pl.Series) -> pl.Series:
    """Return paths with percent-encoded letters as letters; what separates parts stays encoded."""
    coded = texts.str.contains("%", literal=True).fill_null(value=False)
    if not coded.any():
        return texts
    letters = [_letters(text) for text in texts.filter(coded)]
    return texts.scatter(coded.arg_true(), pl.Series(letters, dtype=pl.String))


def _letters(text: str) -> str:
    # An escape of a separator is escaped once more, so that it comes out as it was.
    letters = unquote(_RESERVED.sub("%25", text), errors="replace")
    return text if "\ufffd" in letters else letters
