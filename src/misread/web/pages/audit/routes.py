"""Which address takes a file, and which gives one. Nothing that is sent here is remembered for who asks again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.web.pages.audit.file import MOST_FILE
from misread.web.pages.audit.made import MOST
from misread.web.server.bench import Bench, TooLong
from misread.web.server.posted import posted

HOME = "/audit"
PAGE = "misread.web.pages.audit"
LIMIT = 120.0
"""Seconds that an audit may take."""
ROOM = 2**20
"""Bytes of all else that a form with a file holds."""
LARGER = {HOME: MOST_FILE + ROOM, f"{HOME}/take": MOST}
"""Addresses that take large bodies."""

Show = Callable[[str, Mapping[str, Any], int], Response]
Answer = Callable[[Request], Awaitable[Response]]


def routes(bench: Bench, show: Show, missing: Callable[[], Response]) -> list[Route]:
    """The addresses that forms of the page are sent to.

    Parameters
    ----------
    bench : Bench
        Where files are read and audited.
    show : callable
        Makes a page of a template, of what it is told, with a status.
    missing : callable
        Makes the answer where there is nothing.
    """

    async def file(request: Request) -> Response:
        given = await posted(request)
        sent = (given.file.name, given.file.content) if given.file else None
        told = await bench.ask(f"{PAGE}.file:answered", LIMIT, fields=given.fields, file=sent)
        return show("pages/audit/file.html.j2", told, told["http"])

    async def take(request: Request) -> Response:
        name = request.path_params["name"]
        given = await posted(request)
        made = next(iter(given.fields.get("made", ())), "")
        found = await bench.ask(f"{PAGE}.made:taken", LIMIT, made=made, name=name)
        if found is None:
            return missing()
        content, kind = found
        return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})

    return [
        Route(HOME, _answered(show, file), methods=["POST"]),
        Route(f"{HOME}/take/{{name}}", _answered(show, take), methods=["POST"]),
    ]


def _answered(show: Show, answer: Answer) -> Answer:
    """Also where there is nothing to show: it says why."""

    async def answered(request: Request) -> Response:
        try:
            return await answer(request)
        except MisreadError as error:
            return show("wrong.html.j2", {"problems": error.problems}, 422)
        except TooLong as error:
            said = Problem(str(error), mend=_("give a smaller file, or use the command: misread audit."))
            return show("wrong.html.j2", {"problems": (said,)}, 503)

    return answered
