"""Which address shows which step. Nothing that is sent here is remembered: no answer is kept for who asks again."""

from __future__ import annotations

import calendar
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.rights.places.entries.words import day
from misread.web.pages.school.way import BY_NAME, EXIT, HOME, MOST_CASE, MOST_FILE, STEPS
from misread.web.server.bench import Bench, TooLong
from misread.web.server.posted import Posted, posted

VIEW = "misread.web.pages.school"
LIMIT = 60.0
"""Seconds that a step may take."""
LARGER = {HOME: MOST_CASE, BY_NAME["export"].path: MOST_FILE + MOST_CASE}
"""Addresses that take large bodies."""

Show = Callable[[str, Mapping[str, Any], int], Response]
"""Makes a page of a template, of what it is told, with a status."""
Missing = Callable[[], Response]
Answer = Callable[[Request], Awaitable[Response]]


@dataclass
class Visit:
    """From a first form until “leave this page”, whose address begins the next one.

    A browser can send a form again that it sent before, when somebody goes back. What was sent before the page was left
    is not answered any more, so that nobody sees it who comes later.
    """

    sign: str = field(default_factory=secrets.token_urlsafe)

    def is_over(self, given: Posted) -> bool:
        """Whether a form comes from before the page was left."""
        return any(sign != self.sign for sign in given.fields.get("visit", ()))


def routes(bench: Bench, show: Show, missing: Missing) -> list[Route]:
    """The addresses of the page.

    Parameters
    ----------
    bench : Bench
        Where steps are computed.
    show : callable
        Makes a page.
    missing : callable
        Makes the answer where there is nothing.
    """

    visit = Visit()

    async def shown(step: str, given: Posted, problems: tuple[Problem, ...] = ()) -> Response:
        file = (given.file.name, given.file.content) if given.file else None
        told = await bench.ask(f"{VIEW}:view", LIMIT, step=step, fields=given.fields, file=file)
        if problems:
            told |= {"problems": problems, "http": 422}
        return show(f"pages/school/{told['step'].name}.html.j2", {**told, "visit": visit.sign}, told["http"])

    async def page(request: Request) -> Response:
        step = next(step.name for step in STEPS if step.path == request.url.path)
        given = await posted(request) if request.method == "POST" else Posted({})
        return RedirectResponse(EXIT, 303) if visit.is_over(given) else await shown(step, given)

    async def file(request: Request) -> Response:
        step, name, kind = (request.path_params[key] for key in ("step", "name", "kind"))
        if step not in BY_NAME:
            return missing()
        given = await posted(request)
        if visit.is_over(given):
            return RedirectResponse(EXIT, 303)
        try:
            made = await bench.ask(f"{VIEW}:taken", LIMIT, step=step, name=name, kind=kind, fields=given.fields)
        except MisreadError as error:
            # What is lacking is told on the page that the file was asked from.
            return await shown(step, given, error.problems)
        if made is None:
            return missing()
        content, type_, called = made
        return Response(content, media_type=type_, headers={"content-disposition": f'attachment; filename="{called}"'})

    async def left(_request: Request) -> Response:
        visit.sign = Visit().sign
        today = date.today()
        weeks = calendar.Calendar().monthdatescalendar(today.year, today.month)
        return show("pages/school/left.html.j2", {"weeks": weeks, "today": today, "said": day(today)}, 200)

    return [
        *(Route(step.path, _answered(show, page), methods=["GET", "POST"]) for step in STEPS),
        Route(f"{HOME}/{{step}}/{{name}}.{{kind}}", _answered(show, file), methods=["POST"]),
        Route(EXIT, left),
    ]


def _answered(show: Show, answer: Answer) -> Answer:
    """Also where there is nothing to show: it says why."""

    async def answered(request: Request) -> Response:
        try:
            return await answer(request)
        except MisreadError as error:
            return show("wrong.html.j2", {"problems": error.problems}, 422)
        except TooLong as error:
            return show("wrong.html.j2", {"problems": (Problem(str(error), mend=_("give less.")),)}, 503)

    return answered
