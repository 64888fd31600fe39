"""The application: which address shows which page, and how a page comes to be.

A page is a function from what was asked to what its template is given; the function runs on the bench. The same address
with the same question always shows the same page, so that any view can be kept as a link; scripts fetch the same
addresses and put in what has changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from misread.closed.day.model import picture
from misread.closed.micro.model import strip
from misread.errors import MisreadError, Problem
from misread.files import HOME
from misread.language import gettext as _
from misread.language import mark
from misread.version import __version__
from misread.web.glossary import linked, told_inside
from misread.web.pages.audit.routes import LARGER as LARGER_TABLES
from misread.web.pages.audit.routes import routes as of_audit
from misread.web.pages.school.routes import LARGER
from misread.web.pages.school.routes import routes as of_school
from misread.web.render import rendered
from misread.web.runs import Runs
from misread.web.runs.page import routes as of_runs
from misread.web.server.answers import Answers
from misread.web.server.bench import LIMIT, Bench, TooLong
from misread.web.server.guard import Guard, Keys
from misread.web.server.parcels import STATIC
from misread.web.shipped import FIRST
from misread.web.take import KINDS, element, taken
from misread.web.take.keep import kept

NOTHING: Mapping[str, str] = MappingProxyType({})
PATIENCE, PASTED = 2.0, 30.0
"""Seconds before a page says that it takes longer; and for what was pasted: it may hold an automaton without end."""
YIELDS = 5
"""How far second steps make way for answers, as `os.nice` counts it."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Attributes
    ----------
    path : str
        Its address.
    name : str
        What the navigation calls it, in English.
    module : str
        Has `view`, from what was asked to what the template is given, and is named as the template is: with a slash
        where it lies in a folder.
    listed : bool
        Whether the navigation has it; one comes to the others by links.
    """

    path: str
    name: str
    module: str
    listed: bool = True

    @property
    def template(self) -> str:
        """Its template."""
        return f"pages/{self.module}.html.j2"

    @property
    def question(self) -> str:
        """The function that tells what it shows."""
        return f"{self.loaded}:view"

    @property
    def loaded(self) -> str:
        """Its module, as Python calls it."""
        return f"misread.web.pages.{self.module.replace('/', '.')}"


GLOSSARY = Page("/glossary", mark("Words"), "glossary", listed=False)
AUDIT = Page("/audit", mark("Audit"), "audit/file")
CLAIM = Page("/audit/claim", mark("Audit"), "audit/claim", listed=False)
PAGES = (
    Page("/stages", mark("Stage by stage"), "stages"),
    Page("/classroom", mark("Glass classroom"), "classroom"),
    Page("/closed", mark("Closed classroom"), "closed"),
    Page("/lessons", mark("Lessons"), "lessons", listed=False),
    AUDIT,
    CLAIM,
    Page("/explore", mark("Explore"), "explore"),
    Page("/map", mark("The long map"), "map"),
    Page("/questions", mark("Questions"), "questions"),
    Page("/evidence", mark("Evidence"), "evidence"),
    Page("/numbers", mark("Numbers"), "numbers", listed=False),
    Page("/guide", mark("A page for parents"), "guide", listed=False),
    GLOSSARY,
)
"""In the order of the navigation; the first is where one arrives."""
DEPLOYED = frozenset(
    page
    for page in PAGES
    if page.module not in ("closed", "evidence", "glossary", "guide", "lessons") and page not in (AUDIT, CLAIM)
)
"""Those that show a deployment."""
RUNS = Page("/runs", mark("Runs"), "runs")
"""Not computed on the bench: it knows what was started."""
SCHOOL = Page("/school", mark("Your school"), "school")
"""Computed on the bench, and never remembered: what is sent to it belongs to a family."""
LISTED = (*(one for page in PAGES for one in ((page, SCHOOL) if page.module == "questions" else (page,))), RUNS)
"""All pages in the order of the navigation."""
UNLINKED = frozenset({GLOSSARY, SCHOOL, AUDIT})
"""Pages whose technical words lead nowhere: here they are explained; there, who follows one loses what was typed."""


def create_app(keys: Keys, hosts: frozenset[str], *, places: int = 2) -> Starlette:
    """The application behind its guard.

    Parameters
    ----------
    keys : Keys
        Of this run.
    hosts : frozenset of str
        What the Host header may be, port included.
    places : int
        Questions that are computed side by side.
    """
    runs = Runs(Path(HOME))
    bench = Bench(places, warm=tuple(page.loaded for page in PAGES))
    # Intervals rest on draws, whose points come from scipy.stats: it takes most of a second to load.
    beside = Bench(1, warm=("misread.web.pages.explore", "scipy.stats"), yields=YIELDS)
    answers = Answers(bench, beside)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await bench.open()
        await beside.open()
        try:
            yield
        finally:
            bench.close()
            beside.close()
            runs.close()

    routes = of_audit(bench, partial(_page_of, AUDIT), _missing)
    routes += [Route(page.path, _shown(page, answers, patience=PATIENCE), methods=["GET", "POST"]) for page in PAGES]
    routes += [Route("/", _shown(PAGES[0], answers, patience=PATIENCE)), Route("/static/{name}", _static)]
    routes += [Route("/closed/picture/micro/{name}", _rendered(strip))]
    routes += [Route("/closed/picture/{name:path}", _rendered(picture))]
    routes += [Route(f"/keep{page.path}", _kept(page, answers), methods=["GET", "POST"]) for page in PAGES]
    routes += [
        Route(f"/take{page.path}/{{id}}.{{kind}}", _one(page, answers), methods=["GET", "POST"]) for page in PAGES
    ]
    routes += of_school(bench, partial(_page_of, SCHOOL), _missing)
    routes += of_runs(runs, bench, partial(_page, "pages/runs.html.j2", RUNS), _missing, partial(_source, RUNS), STATIC)
    return Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(Guard, keys=keys, hosts=hosts, larger={**LARGER, **LARGER_TABLES})],
        exception_handlers={404: _not_found},
    )


def _shown(page: Page, answers: Answers, also: Mapping[str, str] = NOTHING, patience: float | None = None) -> Any:
    async def show(request: Request) -> Response:
        asked = dict(request.query_params)
        if request.method == "POST":
            asked |= _asked(await request.body())
        gone = asyncio.create_task(_gone(request))
        try:
            limit = PASTED if request.method == "POST" else LIMIT
            waits = patience if _reads(request) else None
            told = await answers.to(page.question, {**asked, **also}, limit, waits, gone)
        except MisreadError as error:
            return _page("wrong.html.j2", page, {"problems": error.problems}, 422)
        except TooLong as error:
            return _page("wrong.html.j2", page, {"problems": (Problem(str(error), mend=_("ask for less.")),)}, 503)
        finally:
            gone.cancel()
        # What was sent by a form that is no link, such as a pasted file, is not kept in an address.
        query = urlencode(asked) if request.method == "GET" else None
        if told is None:
            return _page("waiting.html.j2", page, {}, query=query)
        return _page(page.template, page, told, told.get("http", 200), query)

    return show


def _kept(page: Page, answers: Answers) -> Any:
    show = _shown(page, answers, {"keep": "1"})

    async def take(request: Request) -> Response:
        shown: Response = await show(request)
        if shown.status_code != 200:
            return shown
        name = f"misread{page.path.replace('/', '-')}.html"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        source = _source(page, urlencode(request.query_params))
        return HTMLResponse(kept(told_inside(bytes(shown.body).decode()), STATIC, source), headers=headers)

    return take


def _one(page: Page, answers: Answers) -> Any:
    """One picture or table of a page. What a page can draw but does not show, it draws where `take` asks for it."""

    async def take(request: Request) -> Response:
        id, kind = request.path_params["id"], request.path_params["kind"]
        asked = dict(request.query_params)
        if request.method == "POST":
            asked |= _asked(await request.body())
        try:
            told = await answers.to(page.question, asked | {"take": id}, PASTED)
            assert told is not None
        except (MisreadError, TooLong) as error:
            return PlainTextResponse(f"{error}\n", 422)
        shown = bytes(_page(page.template, page, told).body).decode()
        piece = told.get("taken") or element(shown, id)
        if piece is None or kind not in KINDS or not piece.startswith("<table" if kind == "csv" else "<svg"):
            return await _not_found(request, FileNotFoundError())
        asked.pop("toml", None)
        content = await asyncio.to_thread(taken, kind, piece, shown, _source(page, urlencode(asked)), STATIC)
        headers = {"content-disposition": f'attachment; filename="misread{page.path.replace("/", "-")}-{id}.{kind}"'}
        return Response(content, media_type=KINDS[kind], headers=headers)

    return take


def _source(page: Page, query: str) -> str:
    """Where something comes from, said in it: who keeps it does not keep the page."""
    # What was not asked for is what was shown all the same: an address that stands alone says it.
    if page in DEPLOYED and "deployment=" not in query:
        query = f"deployment={FIRST}&{query}".rstrip("&")
    again = page.path + (f"?{query}" if query else "")
    if page == CLAIM:
        return _(
            "Worked out by misread %(version)s from a sentence. Again: misread serve, %(page)s",
            version=__version__,
            page=again,
        )
    if page == AUDIT or page.module == "evidence":
        return _(
            "Published figures, put together by misread %(version)s. Again: misread serve, %(page)s",
            version=__version__,
            page=again,
        )
    return _(
        "Computed by misread %(version)s on made-up pupils; nobody was watched. Again: misread serve, %(page)s",
        version=__version__,
        page=again,
    )


def _reads(request: Request) -> bool:
    """Whether somebody sits before it who should be told that it takes longer; scripts and programs just wait."""
    navigates = request.headers.get("sec-fetch-mode") == "navigate"
    return request.method == "GET" and navigates and "prefer" not in request.headers


async def _gone(request: Request) -> None:
    """Wait until whoever asked has gone away."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _asked(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))


def _page_of(page: Page, template: str, told: Mapping[str, Any], status: int) -> HTMLResponse:
    return _page(template, page, told, status)


def _page(
    template: str, page: Page, told: Mapping[str, Any], status: int = 200, query: str | None = None
) -> HTMLResponse:
    around = {"pages": LISTED, "here": page, "query": query}
    assert not around.keys() & told.keys(), "a page may not be told what the server tells it"
    html = rendered(template, {**told, **around})
    return HTMLResponse(html if page in UNLINKED else linked(html), status)


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC:
        return PlainTextResponse(_("There is no such file.") + "\n", 404)
    content, kind = STATIC[name]
    return Response(content, media_type=kind)


def _rendered(of: Callable[[str], bytes]) -> Any:
    """The closed classroom's rendered pictures, by their names."""

    async def show(request: Request) -> Response:
        try:
            content = await asyncio.to_thread(of, request.path_params["name"])
        except KeyError:
            return PlainTextResponse(_("There is no such file.") + "\n", 404)
        return Response(content, media_type="image/webp")

    return show


async def _not_found(_request: Request, _error: Exception) -> Response:
    return _missing()


def _missing() -> Response:
    said = Problem(_("There is no page at this address."), mend=_("go on from one of the pages named above."))
    return _page("wrong.html.j2", PAGES[0], {"problems": (said,)}, 404)
