"""The page of runs: what is asked of it by form, and what it shows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.web.runs import FILES, Runs
from misread.web.runs.compare import SHOWN, Compared, compared
from misread.web.runs.drawing import drawn, lane
from misread.web.runs.kept import Kept
from misread.web.runs.orders import ENGINES, policies
from misread.web.server.bench import Bench, TooLong
from misread.web.shipped import FIRST, titles
from misread.web.take import KINDS, element, taken
from misread.web.take.picture import Static

ADDRESS = "/runs"
CHECKING = 30.0
"""Seconds that looking through a run may take before it is started."""
TABLES = frozenset({"kept", "apart", "differences"})
"""Tables of the page that can be taken away."""
PICTURE = "beside"
"""The picture."""

Show = Callable[[Mapping[str, Any], int], Response]
"""Makes the page of what it is told, with a status."""
Missing = Callable[[], Response]
Source = Callable[[str], str]


def routes(runs: Runs, bench: Bench, show: Show, missing: Missing, source: Source, static: Static) -> list[Route]:
    """The addresses of the page.

    Parameters
    ----------
    runs : Runs
        What was started.
    bench : Bench
        Where a run is looked through before it is started.
    show : callable
        Makes the page.
    missing : callable
        Makes the answer where there is nothing.
    source : callable
        From what was asked, where a picture or table comes from, in words.
    static : mapping
        All that pages load.
    """

    async def page(request: Request) -> Response:
        if request.method == "POST":
            return await _posted(runs, bench, show, await request.body())
        told, problems = await _told(runs, request.query_params)
        return show(told | {"problems": problems}, 422 if problems else 200)

    async def file(request: Request) -> Response:
        folder, name = request.path_params["folder"], request.path_params["name"]
        found = await asyncio.to_thread(runs.file, folder, name)
        if found is None:
            return missing()
        # Taken away and not shown: a report brings styles of its own, which nothing here may.
        return _taken(*found, name)

    async def piece(request: Request) -> Response:
        id, kind = request.path_params["id"], request.path_params["kind"]
        told, problems = await _told(runs, request.query_params)
        if problems or kind not in KINDS:
            return missing()
        shown = bytes(show(told | {"problems": (), "whole": True}, 200).body).decode()
        comparison = told["comparison"]
        found = element(shown, id) if id in TABLES else None
        if id == PICTURE and comparison is not None and comparison.pairs:
            found = drawn(comparison.pairs)
        if found is None or found.startswith("<table") != (kind == "csv"):
            return missing()
        said = source(request.url.query if id != "kept" else "")
        content = await asyncio.to_thread(taken, kind, found, shown, said, static)
        return _taken(content, KINDS[kind], f"misread-runs-{id}.{kind}")

    return [
        Route(ADDRESS, page, methods=["GET", "POST"]),
        Route(f"{ADDRESS}/{{folder}}/{{name}}", file),
        Route(f"/take{ADDRESS}/{{id}}.{{kind}}", piece),
    ]


async def _posted(runs: Runs, bench: Bench, show: Show, body: bytes) -> Response:
    asked = parse_qs(body.decode(errors="replace"), keep_blank_values=True)
    try:
        if "stop" in asked:
            await asyncio.to_thread(runs.stop, _number(asked["stop"]))
        elif "again" in asked:
            runs.again(_number(asked["again"]))
        else:
            # What is laid on a deployment may take for ever to be looked through, so that it is done on the bench.
            runs.start(await bench.ask("misread.web.runs.orders:order_of", CHECKING, asked=asked))
        return RedirectResponse(ADDRESS, 303)
    except MisreadError as error:
        problems = error.problems
    except TooLong as error:
        problems = (Problem(str(error), mend=_("ask for less.")),)
    told, _none = await _told(runs, {})
    return show(told | _form(asked) | {"problems": problems}, 422)


def _number(given: Sequence[str]) -> int:
    text = given[0]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


async def _told(runs: Runs, asked: Mapping[str, str]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """What the page is told, and what is wrong with what was asked of it."""
    started, kept = runs.told(), await asyncio.to_thread(runs.kept)
    comparison, problems = None, tuple[Problem, ...]()
    left, right = asked.get("left", ""), asked.get("right", "")
    if left and right:
        try:
            comparison = await asyncio.to_thread(_compared, runs, kept, left, right)
        except MisreadError as error:
            problems = error.problems
    # A link may say which deployment; the form has only those that are shipped.
    told = _form({"deployment": (asked["deployment"],)} if asked.get("deployment") in titles() else {}) | {
        "deployments": tuple(titles().items()),
        "policies": policies(),
        "engines": ENGINES,
        "started": started,
        "under_way": any(run.state == "under way" for run in started),
        "kept": kept,
        "types": FILES,
        "choices": tuple(one for one in kept if one.comparable),
        "left": left,
        "right": right,
        "comparison": comparison,
        "lane": lane,
        "most": SHOWN,
        "whole": False,
    }
    return told, problems


def _form(asked: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What the form says: what was asked, as it was asked."""

    def one(key: str, default: str) -> str:
        return next(iter(asked.get(key, ())), default)

    return {
        "chosen": one("deployment", FIRST),
        "laid": tuple(asked.get("policy", ())),
        "changes": one("set", ""),
        "engine": one("engine", ENGINES[0][0]),
        "schools": one("schools", ""),
        "seed": one("seed", "1"),
    }


def _compared(runs: Runs, kept: Sequence[Kept], left: str, right: str) -> Compared:
    """Both runs by the names of their folders, which are looked up in what lies there and never opened as given."""
    by_name = {one.folder: one for one in kept if one.comparable}
    if missing := [name for name in (left, right) if name not in by_name]:
        raise MisreadError(
            Problem(
                _("There is no run “%(name)s” that can be compared.", name=missing[0][:80]),
                mend=_("choose two from the list."),
                key="left" if missing[0] == left else "right",
            )
        )
    if left == right:
        raise MisreadError(Problem(_("That is the same run twice."), mend=_("choose two different ones."), key="right"))
    return compared(runs.home, by_name[left], by_name[right])


def _taken(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})
