"""`misread rights where`: what applies to such a system in a place on a day; and the form of the files of law."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from misread.cli.support.days import day
from misread.cli.support.paragraphs import Line, paragraphs
from misread.report.words import upper_first

if TYPE_CHECKING:
    from misread.rights.places.sheet import Limit, Rule, Sheet, Way


@click.command(short_help="What applies to cameras that read faces in a school.")
@click.argument("place")
@click.option("--on", "on", type=day, metavar="DATE", help="The day that is asked about; today if not given.")
@click.option("--emotion", is_flag=True, help="The system infers emotions.")
@click.option("--pupils", is_flag=True, help="It is about pupils.")
@click.option("--identifies", is_flag=True, help="It tells who somebody is.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def where(place: str, on: date | None, emotion: bool, pupils: bool, identifies: bool, as_json: bool) -> None:
    """What applies to cameras that read faces in a school, in PLACE (such as eu, uk or us-il) on a day.

    What was not said of the system becomes a condition. Law is told as it was known on that day: dates that were moved
    later stand as they were expected then.
    """
    from misread.cli.rights.given import of_the_system
    from misread.rights import at
    from misread.rights.places.sheet import sheet

    today = date.today()
    on = on or today
    said = of_the_system(emotion=emotion, pupils=pupils, identifies=identifies)
    # Of a day to come it is asked what will be old by then.
    found = sheet(at(place, on), said, max(on, today))
    if as_json:
        click.echo(_json(found))
    else:
        paragraphs(_lines(found))


@click.command(short_help="The JSON Schema of a file of law, for editors.")
def schema() -> None:
    """Print the JSON Schema of a file of law, for editors that complete and check TOML."""
    import json

    from misread.rights import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=1))


def _json(found: Sheet) -> str:
    import json
    from dataclasses import asdict

    from misread.rights.places.sheet import legend

    answer = {"format": "misread-rights-where/1", **asdict(found), "on": str(found.on), "marks": dict(legend())}
    return json.dumps(answer, ensure_ascii=False, indent=1)


def _lines(found: Sheet) -> Iterator[Line]:
    from misread.rights.places.entries.words import day as words
    from misread.rights.places.sheet import legend

    yield 0, f"{found.name}, on {words(found.on)}: {found.system}.", "bold"
    yield from ((0, banner, "") for banner in found.banners)
    yield from _section("Read this before you write to anybody", found.safety)
    for title, rules in (
        ("Applies to it", found.applies),
        ("Applies if more is true of it", found.conditional),
        ("Does not apply, if what was said of it is true", found.excepted),
        ("Does not apply yet", found.not_yet),
        ("Does not apply any more", found.over),
    ):
        if rules:
            yield from ((0, "", ""), (0, title, "bold"))
        for rule in rules:
            yield from _rule(rule)
    if found.ways:
        yield from ((0, "", ""), (0, "What can be asked for", "bold"))
    for way in found.ways:
        yield from _way(way)
    yield from _section(
        f"Deadlines (misread rights deadline {found.place} …)", [_limit(limit) for limit in found.limits]
    )
    yield from _section("Bills: no law, and no ground for anything", found.pending)
    yield from _section("What nobody here could answer", found.open_questions)
    yield from _section("Not sure of", found.unsure)
    yield from _section("For a lawyer of the place", found.for_a_lawyer)
    yield from _section("Sources", found.sources)
    yield from _section("Marks", [f"{sign}: {meaning}" for sign, meaning in legend()])


def _limit(limit: Limit) -> str:
    what = f"{upper_first(limit.what)}: {limit.length}"
    return f"{what}. {limit.basis} [{limit.id}] ({limit.mark}, confidence {limit.confidence})."


def _section(title: str, texts: Sequence[str]) -> Iterator[Line]:
    if texts:
        yield from ((0, "", ""), (0, title, "bold"))
    yield from ((2, text, "") for text in texts)


def _rule(rule: Rule) -> Iterator[Line]:
    yield 2, f"{rule.where}  [{rule.id}]", "bold"
    yield 4, f"{upper_first(rule.effect)} ({', '.join(rule.actors)}). {rule.summary}", ""
    if rule.quote:
        yield 4, f"“{rule.quote}”", ""
    yield 4, f"When: {rule.when}.", ""
    for label, texts in (("Only if", rule.only_if), ("Not if", rule.not_if)):
        if texts:
            yield 4, f"{label}: {'; '.join(texts)}.", ""
    yield from ((4, f"To judge: {text}", "") for text in rule.to_judge)
    yield from ((4, f"Readings: {text}", "") for text in rule.readings)
    yield from ((4, f"Mind: {text}", "") for text in rule.caveats)
    yield from ((4, f"History: {text}", "") for text in rule.history)
    source = "; ".join(rule.sources) or "none was read"
    yield 4, f"Source: {source} ({rule.mark}, confidence {rule.confidence}, {rule.checked}).", ""


def _way(way: Way) -> Iterator[Line]:
    grounds = f"  [{', '.join(way.grounds)}]" if way.grounds else ""
    by = f" · {way.by}" if way.by else ""
    yield 2, f"{upper_first(way.asks)}{by}: {way.availability}{grounds}", ""
    yield from ((4, upper_first(detail), "") for detail in way.details)
