"""A server of one's own, and a browser that was let in."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest

WAITS = {"prefer": "wait=120"}
"""What a browser of a test says with each request: it wants the page, however long that takes on a busy machine."""


class Served(NamedTuple):
    """A server that is running: its address without and with the key."""

    base: str
    first: str


@contextmanager
def serving(*options: str) -> Iterator[Served]:
    """`misread serve`, as somebody starts it; ended afterwards."""
    command = [sys.executable, "-u", "-m", "misread", "serve", "--no-open", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline().strip()
        try:
            yield Served(first.partition("/?")[0], first)
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="package")
def served() -> Iterator[Served]:
    """A server for all tests of a worker."""
    with serving() as started:
        yield started


@pytest.fixture
def opened(browser, served) -> Iterator[Callable]:
    """Open a page; gives it, and a list of what it asked of others or complained of."""
    contexts = []

    def open_(path: str, width: int = 1280, scheme: str = "light", **options):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, extra_http_headers=WAITS, **options
        )
        contexts.append(context)
        page, heard = context.new_page(), []
        page.on("console", lambda message: heard.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: heard.append(f"error: {error}"))
        page.on(
            "request", lambda request: heard.extend([request.url] if not request.url.startswith(served.base) else [])
        )
        # The key is taken without the page behind it, which would be drawn each time.
        context.request.get(served.first, max_redirects=0)
        page.goto(served.base + path)
        return page, heard

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def kept_alone(opened, tmp_path) -> Callable:
    """Keep a view, and open the file without a server or a network; gives it, and a list of what it complained of."""

    def open_(path: str):
        page, _heard = opened("/glossary")
        file = tmp_path / "kept.html"
        answer = page.request.get(page.url.replace("/glossary", f"/keep{path}"))
        assert answer.ok
        file.write_bytes(answer.body())
        page.context.set_offline(True)
        alone, heard = page.context.new_page(), []
        alone.on("pageerror", lambda error: heard.append(str(error)))
        alone.on("console", lambda message: heard.append(message.text))
        alone.goto(file.as_uri())
        return alone, heard

    return open_


def violations(page, *, colours: bool = True) -> list[str]:
    """What axe finds on a page, WCAG 2.2 AA; of colours only where they are the page's own, not forced on it."""
    from axe_playwright_python.sync_playwright import Axe

    # What still fades in has not its own colours yet.
    page.evaluate("Promise.allSettled(document.getAnimations().map(one => one.finished)).then(() => null)")
    options = {} if colours else {"rules": {"color-contrast": {"enabled": False}}}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{v['id']}: {v['help']}: {n['target']} {n['failureSummary']}" for v in found for n in v["nodes"][:3]]
