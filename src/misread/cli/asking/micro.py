"""`misread micro`: what the cameras can see at all of movements that last a fraction of a second."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from misread.cli.support.options import deployment_options

if TYPE_CHECKING:
    from misread.deployment import Deployment
    from misread.report.studies.micro import Table
    from misread.study.micro import Between, Film, Micro


@click.command()
@deployment_options
@click.option(
    "--frames",
    "needed",
    type=click.IntRange(1, 1000),
    default=3,
    show_default=True,
    help="On how many frames a movement has to be to be seen: an assumption.",
)
@click.option("--between-eyes", type=float, help="Pixels between the eyes, where the deployment has no seats.")
@click.option("--events-per-hour", type=float, help="Such movements per pupil-hour, instead of the published rates.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def micro(
    deployment: str,
    policies: tuple[str, ...],
    settings: tuple[str, ...],
    needed: int,
    between_eyes: float | None,
    events_per_hour: float | None,
    as_json: bool,
) -> None:
    """Say what the cameras can see of micro-expressions: movements of 1/25 to 1/2 of a second.

    What share falls on a look at all, on how many frames of a film it would be, and what programs that search for
    such movements get wrong, by their published scores. What the deployment does not give is said and shown as a
    range.
    """
    from misread.deployment import load
    from misread.study.micro import examine, given_resolution

    loaded = load(deployment, policies=policies, settings=settings)
    seats = None if between_eyes is None else given_resolution(between_eyes)
    found = examine(loaded, needed=needed, resolution=seats, events_per_hour=events_per_hour)
    if as_json:
        click.echo(json.dumps(_as_json(loaded, found), ensure_ascii=False, indent=1))
    else:
        _show(loaded, found)


def _as_json(loaded: Deployment, found: Micro) -> dict[str, Any]:
    from misread.deployment import digest
    from misread.report.studies.micro import assumptions
    from misread.study.micro.spotting import errors_per_hit

    film = found.given_film
    return {
        "format": "misread-micro/1",
        "deployment": {"title": loaded.title, "sha256": digest(loaded)},
        "given": {
            "observe_every_seconds": loaded.camera.observe_every_seconds,
            "frames_per_second": found.frames_per_second,
            "exposure_ms": loaded.camera.exposure_ms,
            "pixels_between_eyes": None if found.resolution is None else list(found.resolution.between_eyes),
        },
        "seconds_between_looks": found.every,
        "seconds_a_look_lasts": _ends(found.open_for),
        "frames_needed": found.needed,
        "falls_on_a_look": {
            **_ends(found.fall_on_a_look),
            "by_seconds": [
                {"seconds": w.seconds, **_ends(w.touched), "on_enough_looks": _ends(w.enough)} for w in found.looked
            ],
        },
        "films": [_film_json(f) for f in found.films],
        "given_film": None if film is None else film.per_second,
        "pixels_across_face": None if found.resolution is None else _ends(found.resolution.across_face),
        "pixels_across_face_in_a_laboratory": found.laboratory_face,
        "on_enough_frames_with_enough_pixels": None if found.covered is None else _ends(found.covered),
        "rates": [
            {
                "per_pupil_hour": r.per_hour,
                "how": r.words,
                "evidence": list(r.evidence),
                "assumption": r.assumption or None,
                "fall_on_a_look_per_pupil_hour": _ends(met),
            }
            for r, met in zip(found.rates, found.met, strict=True)
        ],
        "spotting": [
            {
                "evidence": s.score.id,
                "name": s.score.name,
                "status": s.score.status,
                "f1": s.score.f1,
                "f1_is_upper_bound": s.score.bound,
                "errors_per_hit": errors_per_hit(s.score.f1),
                "movements_per_pupil_hour": s.rate.per_hour,
                **{
                    name: {k: getattr(o, k) for k in ("recall", "precision", "hits", "false", "missed")}
                    for name, o in (
                        ("precision_equals_recall", s.even),
                        ("nothing_false", s.surest),
                        ("nothing_missed", s.keenest),
                    )
                },
            }
            for s in found.spotted
        ],
        "assumptions": list(assumptions(found)),
    }


def _film_json(film: Film) -> dict[str, Any]:
    return {
        "frames_per_second": film.per_second,
        "given": film.given,
        "exposure_seconds": _ends(film.exposure),
        "lengths": [
            {
                "seconds": x.seconds,
                **{k: _ends(getattr(x, k)) for k in ("frames", "some", "enough", "filled", "smeared")},
            }
            for x in film.lengths
        ],
    }


def _ends(found: Between) -> dict[str, float]:
    return {"low": found.low, "high": found.high}


def _show(loaded: Deployment, found: Micro) -> None:
    from rich.text import Text

    from misread.cli.support.terminal import WIDEST, terminal
    from misread.errors import printable
    from misread.report.studies import micro as words
    from misread.report.words import amount

    console = terminal()
    width = min(console.width, WIDEST)
    if loaded.title:
        console.print(Text(printable(loaded.title), style="dim"), width=width)
    for i, said in enumerate(words.sentences(found)):
        console.print(Text(said, style="bold" if i == 0 else ""), width=width)
    _table("If a look is one picture", ("a movement of", "falls on a look", "of 100"), _looked(found))
    _table(
        "If the camera films without a break",
        ("frames/s", "a movement of", "is on frames", f"% on {found.needed} or more", "% exposed", "% in one frame"),
        _filmed(found),
    )
    for caption, head, rows in (words.score_table(found), words.needs(found)):
        _table(caption, head, _flat((caption, head, rows)))
    console.print()
    for rate, met in zip(found.rates, found.met, strict=True):
        said = f"{amount(rate.per_hour)} movements an hour: {rate.words}{_cited(rate.evidence)}; "
        console.print(Text(f"{said}{words.span(met)} of them fall on a look."), width=width)
    console.print(Text(f"Assumed: {'; '.join(words.assumptions(found))}."), width=width)


def _cited(ids: tuple[str, ...]) -> str:
    return f" ({', '.join(ids)})" if ids else ""


def _looked(found: Micro) -> list[tuple[str, ...]]:
    from misread.report.studies.micro import length, one_in, percent

    return [(length(w.seconds), one_in(w.touched), percent(w.touched)) for w in found.looked]


def _filmed(found: Micro) -> list[tuple[str, ...]]:
    from misread.report.studies.micro import length, percent, span

    return [
        (
            f"{film.per_second:g}{' (given)' if film.given else ''}" if not i else "",
            length(x.seconds),
            span(x.frames),
            percent(x.enough),
            percent(x.filled),
            percent(x.smeared),
        )
        for film in found.films
        for i, x in enumerate(film.lengths)
    ]


def _flat(table: Table) -> list[tuple[str, ...]]:
    return [(name, *cells) for name, cells in table[2]]


def _table(caption: str, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from misread.cli.evidence.tables import add_row, new_table, print_table

    click.echo(f"\n{caption}:\n")
    table = new_table(*(h or " " for h in head))
    for row in rows:
        add_row(table, *row)
    print_table(table)
