"""Questions are answered in processes that can be stopped; what goes wrong in one harms no other."""

from __future__ import annotations

import asyncio
import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from misread.errors import MisreadError, Problem
from misread.web.server.bench import Bench, TooLong, Unwanted


def on_a_bench(ask, places=1, **how):
    async def run():
        bench = Bench(places, **how)
        await bench.open()
        try:
            return await ask(lambda name, **given: bench.ask(f"tests.web.questions:{name}", **given))
        finally:
            bench.close()

    # In a thread of its own: the browser of other tests keeps a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(run())).result()


def test_answers():
    async def ask(to):
        return [await to("double", n=n) for n in range(3)]

    assert on_a_bench(ask) == [0, 2, 4]


def test_more_questions_than_places_wait_for_their_turn():
    async def ask(to):
        return await asyncio.gather(*(to("double", n=n) for n in range(50)))

    assert on_a_bench(ask, places=2) == [2 * n for n in range(50)]


def test_who_answered_last_is_asked_first():
    async def ask(to):
        return [await to("pid") for _ in range(4)]

    assert len(set(on_a_bench(ask, places=2))) == 1


def test_what_is_not_wanted_when_its_turn_comes_is_not_computed():
    async def ask(to):
        with pytest.raises(Unwanted):
            await to("killed", wanted=lambda: False)
        return await to("double", n=3)

    assert on_a_bench(ask) == 6


@pytest.mark.skipif(not hasattr(os, "nice"), reason="this system has no such order")
def test_a_bench_makes_way_for_others():
    async def ask(to):
        return await to("niceness")

    assert on_a_bench(ask, yields=3) == min(os.nice(0) + 3, 19)


def test_a_question_without_end_is_ended_and_the_next_one_answered():
    async def ask(to):
        before = await to("pid")
        began = time.monotonic()
        with pytest.raises(TooLong, match=r"longer than 0\.5 seconds"):
            await to("forever", limit=0.5)
        assert time.monotonic() - began < 20
        return before, await to("pid"), await to("double", n=4)

    before, after, answer = on_a_bench(ask)
    assert (before != after, answer) == (True, 8)


def test_a_process_that_is_killed_is_begun_anew():
    async def ask(to):
        with pytest.raises(TooLong, match="ended"):
            await to("killed")
        return await to("double", n=1)

    assert on_a_bench(ask) == 2


def test_a_mistake_comes_back_whole_and_a_bug_is_said_to_be_one():
    async def ask(to):
        with pytest.raises(MisreadError) as mistake:
            await to("mistaken")
        with pytest.raises(MisreadError, match="A bug, not your mistake: ZeroDivisionError: a made-up bug"):
            await to("broken")
        return mistake.value.problems, await to("double", n=2)

    problems, answer = on_a_bench(ask)
    assert problems == (Problem("One.", "two.", "three.", "file", "key", 4), Problem("Five."))
    assert answer == 4
