"""Opens a page in Chromium and notes everything that a safe page never does."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page


@dataclass
class Visit:
    """A page that was opened, and what it did unasked."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def wait_until_ready(self) -> None:
        self.page.locator("html[data-ready='1']").wait_for(state="attached", timeout=20_000)

    def assert_quiet(self) -> None:
        assert self.requests == []
        assert self.complaints == []
        assert self.page.evaluate("() => window.__pwned") is None


def chromium_path() -> str:
    """Return the browser to test with; without one the test is skipped, in CI it fails."""
    path = os.environ.get("NEWSQA_CHROMIUM") or shutil.which("chromium")
    if path:
        return path
    if os.environ.get("CI"):
        pytest.fail("there is no Chromium: install it, or name it in NEWSQA_CHROMIUM")
    pytest.skip("there is no Chromium")


@contextmanager
def chromium() -> Iterator[Browser]:
    path = chromium_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(
    browser: Browser,
    path: Path,
    fragment: str = "",
    *,
    scheme: str = "light",
    width: int = 1280,
    script: bool = True,
) -> Iterator[Visit]:
    """Open a file and give the visit, its listeners attached before the page loads."""
    context = browser.new_context(
        offline=True,
        color_scheme=scheme,  # type: ignore[arg-type]
        viewport={"width": width, "height": 800},
        java_script_enabled=script,
        reduced_motion="reduce",
    )
    page = context.new_page()
    seen = Visit(page)
    address = path.as_uri()
    own = (address, path.with_suffix(".assets").as_uri() + "/")

    def note_request(request: object) -> None:
        url = request.url  # type: ignore[attr-defined]
        if not url.startswith(own):
            seen.requests.append(url)

    page.on("request", note_request)
    page.on("console", lambda message: seen.complaints.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: seen.complaints.append(f"error: {error}"))
    page.on("dialog", lambda dialog: (seen.complaints.append("dialog"), dialog.dismiss()))
    page.on("popup", lambda _: seen.complaints.append("popup"))
    page.goto(address + fragment)
    try:
        yield seen
    finally:
        context.close()


@contextmanager
def served(folder: Path, policy: str) -> Iterator[str]:
    """Serve a folder on this machine with a content security policy, as Jenkins does."""

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(folder))  # type: ignore[arg-type]

        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", policy)
            super().end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
