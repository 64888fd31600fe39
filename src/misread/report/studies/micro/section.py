"""The section about short movements: the picture, the chart, the tables, and the words beside them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from misread.evidence import catalogue, number
from misread.report.studies.micro import words
from misread.report.studies.micro.words import length, one_in, percent, span
from misread.report.words import amount, every
from misread.report.words.sources import Evidence, Library
from misread.study.micro import Film, Filmed, Micro
from misread.study.micro.spotting import errors_per_hit

Table = tuple[str, tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]
"""Caption, head, and rows: name and cells."""

WINDOW = 1.0
"""Seconds that are magnified in the picture."""
EVENT_AT = 0.3
"""Where the magnified second lies between two looks: anywhere would do."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A movement in the magnified second: its length in words, start and width in per cent of the second."""

    words: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """The picture: the time between two looks, and one second of it magnified.

    Attributes
    ----------
    gap : str
        How far looks are apart, in words; empty where that is less than two seconds, and only the second is drawn.
    start, width : float
        Where the second lies between the looks, in per cent.
    bars : tuple of Bar
        Movements, the longest first.
    ticks : tuple of float
        Frames of a film within the second, in per cent; or looks, where these are so close.
    ticks_words : str
        What the ticks are.
    said : str
        The picture in words.
    """

    gap: str
    start: float
    width: float
    bars: tuple[Bar, ...]
    ticks: tuple[float, ...]
    ticks_words: str
    said: str


@dataclass(frozen=True, slots=True)
class Share:
    """A strip: what share of the movements of one length falls on a look."""

    who: str
    words: str
    filled: float


@dataclass(frozen=True, slots=True)
class MicroStory:
    """The section of the report.

    Attributes
    ----------
    sentence, picture_note, filmed, errors, better : str
        The answer; what a look is; what a film shows, if there is one; what programs make of films, and at best.
    line : Line
        The picture.
    shares : tuple of Share
        The chart.
    film, scores, needs : Table
        Frames by the rate of a film; what published scores leave; what it would need beside what there is.
    open : str
        What the deployment does not give.
    assumptions : tuple of str
        Assumed.
    evidence : tuple of Evidence
        Published figures that it rests on.
    """

    sentence: str
    picture_note: str
    filmed: str
    errors: str
    better: str
    line: Line
    shares: tuple[Share, ...]
    film: Table
    scores: Table
    needs: Table
    open: str
    assumptions: tuple[str, ...]
    evidence: tuple[Evidence, ...]


def tell(found: Micro, library: Library) -> MicroStory:
    """The section about short movements."""
    ids = sorted({"D01", "D02", "D07", "D12", "D14", *(s.score.id for s in found.spotted), *sum(_rate_ids(found), ())})
    return MicroStory(
        sentence=words.sentence(found),
        picture_note=words.one_picture(found),
        filmed=words.film_sentence(found),
        errors=words.errors(found),
        better=words.better(found),
        line=line(found),
        shares=tuple(
            Share(f"lasting {length(w.seconds)}", one_in(w.touched), round(100 * w.touched.high, 3))
            for w in found.looked
        ),
        film=film_table(found),
        scores=score_table(found),
        needs=needs(found),
        open=words.not_given(found),
        assumptions=words.assumptions(found),
        evidence=library.look_up(" ".join(ids)),
    )


def _rate_ids(found: Micro) -> list[tuple[str, ...]]:
    return [rate.evidence for rate in found.rates]


def line(found: Micro) -> Line:
    """The time from one look to the next, to scale, and one second of it."""
    wide = found.every >= 2 * WINDOW
    start, width = 100 * EVENT_AT, 100 * WINDOW / found.every
    bars = tuple(
        Bar(length(w.seconds), round(100 * (WINDOW - w.seconds) / 2, 3), round(100 * w.seconds / WINDOW, 3))
        for w in reversed(found.looked)
    )
    film = found.given_film
    if not wide:
        step, words = found.every, f"looks, {every(found.every)}"
    elif film is not None:
        step, words = 1 / film.per_second, f"frames, if it films without a break: {film.per_second:g} a second"
    else:
        step, words = 1 / 25, "frames of a film at 25 a second, if there were one"
    ticks = tuple(round(100 * k * step, 3) for k in range(min(400, math.floor(WINDOW / step + 1e-9)) + 1))
    gap = _apart(found.every) if wide else ""
    said = f"Two looks are {gap} apart. Of that, a" if wide else "A"
    return Line(
        gap=gap,
        start=round(start, 3),
        width=round(min(width, 100 - start), 4),
        bars=bars,
        ticks=ticks,
        ticks_words=words,
        said=f"{said} movement takes from 1/25 to 1/2 of one second.",
    )


def film_table(found: Micro) -> Table:
    """Frames that movements are on, by the rate of the film."""
    head = (
        "frames a second",
        "frames of one of 1/25 s",
        f"of 100 such, on {found.needed} or more",
        "frames of one of 1/2 s",
        "of one of 1/25 s, run together in a frame",
    )
    rows = tuple(
        (
            f"{film.per_second:g}{' (this deployment)' if film.given else ''}",
            (
                span(_short(film).frames),
                percent(_short(film).enough),
                span(film.lengths[-1].frames),
                f"{percent(_short(film).smeared)} %",
            ),
        )
        for film in found.films
    )
    return "On how many frames a movement is, if the camera films without a break", head, rows


def _short(film: Film) -> Filmed:
    return film.lengths[0]


def score_table(found: Micro) -> Table:
    """What published scores leave of the movements, for a pupil-hour of film."""
    head = (
        "score",
        "F1",
        "status",
        "movements an hour",
        "errors for each hit",
        "hits an hour",
        "false ones an hour",
        "hits possible",
        "false ones possible",
    )
    rows = tuple(
        (
            f"{s.score.id} {s.score.name}",
            (
                f"{'below ' if s.score.bound else ''}{s.score.f1:g}",
                s.score.status,
                amount(s.rate.per_hour),
                f"{'above ' if s.score.bound else ''}{amount(errors_per_hit(s.score.f1))}",
                amount(s.even.hits),
                amount(s.even.false),
                f"{amount(s.surest.hits)} to {amount(s.keenest.hits)}",
                f"{amount(s.surest.false)} to {amount(s.keenest.false)}",
            ),
        )
        for s in found.spotted
    )
    return "What programs would make of an hour of one child’s film, by their published scores", head, rows


def needs(found: Micro) -> Table:
    """What reading micro-expressions would need, as laboratories have it, beside what the deployment has."""
    known = catalogue()
    fast, slow = number(known, "D06", "SAMM, frame rate"), number(known, "D07", "SMIC, frame rate")
    film = "not given" if found.frames_per_second is None else f"{found.frames_per_second:g}"
    exposure = "not given" if found.exposure is None else f"{1000 * found.exposure:g} ms"
    best, _, highest = words.best_scores(found)
    score = f"{best.f1:g}, the best baseline ({best.id}); below {highest.f1:g} from memory ({highest.id})"
    rows = (
        ("looks", ("without a break", f"one {every(found.every)}")),
        ("frames a second", (f"{fast:g} in two sets (D06, D07, D12); {slow:g} to 30 in slower ones", film)),
        ("exposure of a frame", (f"{1000 / fast:g} ms or less, at {fast:g} a second", exposure)),
        ("pixels across a face", (f"about {found.laboratory_face:g} (D12)", _across(found))),
        ("F1 of finding them", ("above 2/3, for fewer errors than hits", score)),
        ("tried on", ("children in class", "adults in laboratories; children by video call (D14)")),
    )
    return "What reading them takes, and what there is", ("", "what it takes", "what there is"), rows


def _across(found: Micro) -> str:
    if found.resolution is None:
        return "pixels unknown"
    share = found.resolution.reached(found.laboratory_face)
    return f"{span(found.resolution.across_face)}; so many at {amount(100 * share)} % of the seats"


def _apart(seconds: float) -> str:
    said = every(seconds).removeprefix("every ")
    return f"a {said}" if said in ("minute", "second") else said
