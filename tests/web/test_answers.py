"""What is asked twice is computed once; who reads is told that it takes longer, and then sees the page."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor

import pytest
import uvicorn

from misread.errors import MisreadError, Problem
from misread.web.server.answers import MOST, Answers
from misread.web.server.guard import Keys


def run(ask: Callable[[], Coroutine[None, None, None]]) -> None:
    """In a thread of its own: the browser of other tests keeps a loop in this one."""
    with ThreadPoolExecutor(1) as beside:
        beside.submit(lambda: asyncio.run(ask())).result()


class Slow:
    """A bench that answers when it is let, and counts what it was asked."""

    def __init__(self) -> None:
        self.let = asyncio.Event()
        self.asked: list[dict[str, str]] = []

    async def ask(self, _question: str, _limit: float, asked: dict[str, str]) -> dict[str, str]:
        self.asked.append(asked)
        await self.let.wait()
        if "wrong" in asked:
            raise MisreadError(Problem("No."))
        return asked


def test_what_is_under_way_is_waited_for_and_not_begun_again():
    async def ask() -> None:
        bench = Slow()
        answers = Answers(bench)  # type: ignore[arg-type]
        assert await answers.to("f", {"a": "1"}, patience=0.01) is None
        waiting = asyncio.create_task(answers.to("f", {"a": "1"}))
        await asyncio.sleep(0)
        bench.let.set()
        assert await waiting == await answers.to("f", {"a": "1"}, patience=1) == {"a": "1"}
        assert bench.asked == [{"a": "1"}]

    run(ask)


def test_mistakes_are_told_and_not_remembered():
    async def ask() -> None:
        bench = Slow()
        bench.let.set()
        answers = Answers(bench)  # type: ignore[arg-type]
        for _again in range(2):
            with pytest.raises(MisreadError):
                await answers.to("f", {"wrong": "1"})
        assert len(bench.asked) == 2

    run(ask)


def test_only_the_last_answers_are_remembered():
    async def ask() -> None:
        bench = Slow()
        bench.let.set()
        answers = Answers(bench)  # type: ignore[arg-type]
        for i in range(MOST + 4):
            await answers.to("f", {"n": str(i)})
        before = len(bench.asked)
        await answers.to("f", {"n": str(MOST + 3)})
        assert len(bench.asked) == before
        await answers.to("f", {"n": "0"})
        assert len(bench.asked) == before + 1

    run(ask)


@pytest.fixture(scope="module")
def impatient():
    """A server that waits for nothing before it says that a page takes longer; gives its address."""
    from misread.web.server import app

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    host = f"127.0.0.1:{listening.getsockname()[1]}"
    keys = Keys()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "PATIENCE", 0.0)
        made = app.create_app(keys, frozenset({host}), places=1)
    server = uvicorn.Server(uvicorn.Config(made, access_log=False, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://{host}", keys.token
    server.should_exit = True
    thread.join(20)


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_a_page_that_takes_longer_says_so_and_then_shows_itself(browser, impatient, script):
    base, token = impatient
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{base}/?token={token}", wait_until="commit")
    page.goto(f"{base}/evidence?q=smile&x={script}", wait_until="commit")
    page.get_by_role("heading", name="One moment").wait_for()
    page.locator("#q").wait_for(timeout=60_000)
    assert page.url.endswith(f"/evidence?q=smile&x={script}")
    context.close()
