"""What is asked twice is computed once; who reads is told that it takes longer, and then sees the page."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor

import pytest
import uvicorn
from starlette.requests import Request

from misread.errors import MisreadError, Problem
from misread.web.server import app
from misread.web.server.answers import MOST, SECOND, Answers
from misread.web.server.bench import Unwanted
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

    async def ask(
        self, _question: str, _limit: float, wanted: Callable[[], bool], asked: dict[str, str]
    ) -> dict[str, str]:
        self.asked.append(asked)
        await self.let.wait()
        if not wanted():
            raise Unwanted
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


def test_what_nobody_waits_for_any_more_is_not_begun():
    async def ask() -> None:
        bench = Slow()
        answers = Answers(bench)  # type: ignore[arg-type]
        left, stays = (asyncio.Event() for _ in range(2))

        def by(event: asyncio.Event) -> asyncio.Task[None]:
            return asyncio.create_task(event.wait())  # type: ignore[arg-type]

        alone = asyncio.create_task(answers.to("f", {"a": "1"}, gone=by(left)))
        two = [asyncio.create_task(answers.to("f", {"a": "2"}, gone=by(event))) for event in (left, stays)]
        await asyncio.sleep(0.01)
        left.set()
        assert await alone is None
        assert await two[0] is None
        bench.let.set()
        assert await two[1] == {"a": "2"}
        # Whoever asks again is answered, and nothing of the question that was left hangs on.
        assert await answers.to("f", {"a": "1"}) == {"a": "1"}
        assert [asked["a"] for asked in bench.asked] == ["1", "2", "1"]
        assert not answers._left
        assert not answers._waiting

    run(ask)


def test_who_comes_back_before_its_turn_is_answered_the_first_time():
    async def ask() -> None:
        bench = Slow()
        answers = Answers(bench)  # type: ignore[arg-type]
        gone = asyncio.create_task(asyncio.sleep(0))
        assert await answers.to("f", {"a": "1"}, gone=gone) is None
        back = asyncio.create_task(answers.to("f", {"a": "1"}))
        await asyncio.sleep(0.01)
        bench.let.set()
        assert await back == {"a": "1"}
        assert len(bench.asked) == 1

    run(ask)


def test_the_server_notices_that_somebody_has_gone():
    async def ask() -> None:
        bench, heard = Slow(), [{"type": "http.request"}, {"type": "http.disconnect"}]
        answers = Answers(bench)  # type: ignore[arg-type]
        page = next(page for page in app.PAGES if page.module == "explore")
        scope = {"type": "http", "method": "GET", "path": page.path, "query_string": b"years=3", "headers": []}

        async def receive() -> dict[str, str]:
            return heard.pop(0)

        await asyncio.wait_for(app._shown(page, answers)(Request(scope, receive)), 20)  # type: ignore[arg-type]
        assert bench.asked == [{"years": "3"}]
        assert len(answers._left) == 1
        bench.let.set()
        await asyncio.sleep(0.01)
        assert not answers._left

    run(ask)


def test_second_steps_do_not_stand_in_the_way_of_answers():
    async def ask() -> None:
        first, second = Slow(), Slow()
        first.let.set()
        answers = Answers(first, second)  # type: ignore[arg-type]
        waits = asyncio.create_task(answers.to("f", {"a": "1", SECOND: "1"}))
        assert await answers.to("f", {"a": "1"}) == {"a": "1"}
        assert not waits.done()
        second.let.set()
        assert await waits == {"a": "1", SECOND: "1"}

    run(ask)


def _asks_again(route) -> bool:
    return route.request.resource_type == "fetch"


@pytest.fixture(scope="module")
def impatient():
    """A server that waits for nothing before it says that a page takes longer; gives its address."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    # Whoever comes before the server does waits for it.
    listening.listen()
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
    # The script's own question is held until the page was looked at: its answer may be there at once.
    held = []
    context.route("**/evidence?*", lambda route: held.append(route) if _asks_again(route) else route.continue_())
    page.goto(f"{base}/evidence?q=smile&x={script}", wait_until="commit")
    page.get_by_role("heading", name="One moment").wait_for()
    if script:
        while not held:
            page.wait_for_timeout(20)
        held.pop().continue_()
    page.locator("#q").wait_for(timeout=60_000)
    assert page.url.endswith(f"/evidence?q=smile&x={script}")
    context.close()
