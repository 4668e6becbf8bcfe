"""More strings that attack an HTML page: each way to break out, in each disguise."""

from __future__ import annotations

from tests.hostile import HOSTILE, RUN

_BREAKOUTS = (
    "", '"', "'", "`", '">', "'>", "--&gt;", "-->", "]]>", "</bdi>", "</mark>",
    "</option></select>", "</code></pre>", "</dd></dl>", "</summary></details>", "</button>",
)  # fmt: skip
_LOADS = (
    f"<script>{RUN}</script>",
    f"<img/src=x/onerror={RUN}>",
    f"<svg/onload={RUN}//",
    f"<a href='java\tscript:{RUN}'>x</a>",
    f"<details/open/ontoggle={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"\u202e<style onload={RUN}>\u202c",
    f"<x contenteditable autofocus onfocus={RUN} tabindex=1>",
)
HOSTILE_HTML: tuple[str, ...] = (
    *HOSTILE,
    *(f"{breakout}{load}" for breakout in _BREAKOUTS for load in _LOADS),
)
