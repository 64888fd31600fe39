"""`misread claim`: what a vendor's sentence would mean, what it does not say, and what to ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from misread.cli.support.paragraphs import Line, paragraphs

if TYPE_CHECKING:
    from misread.audit.claim import Claim, Given, Meaning, Part, Row, Unclear

DAY = "as-described"
"""The shipped deployment whose school day stands in where none is given."""

INDENT = 4
"""Columns that a table is set in."""

FIELDS = {
    "of_what": "output.labels",
    "truth": "acc.ground_truth",
    "on_whom": "acc.population",
    "unit": "acc.claim",
    "errors": "acc.false_alarms",
    "where": "acc.population",
    "n": "acc.population",
    "groups": "acc.by_group",
    "prevalence": "acc.false_alarms",
    "independent": "acc.independent",
    "alerts": "output.actions",
}
"""Aspect → the field of the disclosure record that asks the same; what no field asks for has none."""


def share(_ctx: click.Context, param: click.Parameter, given: str | None) -> float | None:
    """A share as it is typed: "5%", "0.05", "5 of 100"; "5" alone may mean two things."""
    from misread.audit.claim.reading.numbers import numbers
    from misread.errors import MisreadError, Problem

    if given is None:
        return None
    found = numbers(given.strip())
    if len(found) == 1 and found[0].unit == "share" and found[0].low == found[0].high and not found[0].hedge:
        one = found[0]
        if one.start == 0 and one.end == len(given.strip()):
            return one.low
    raise MisreadError(
        Problem(
            f"It is no share: {given!r}.",
            "a share of looks, such as 5% or 0.05.",
            "write the sign for per cent, or a number between 0 and 1.",
            key=f"--{param.name}",
            file="misread claim",
        )
    )


@click.command(short_help="What a vendor's sentence would mean, and what to ask.")
@click.argument("sentence")
@click.option("--prevalence", callback=share, metavar="SHARE", help="Share of looks that meet what is looked for: 5%.")
@click.option("--looks-per-day", type=float, metavar="N", help="How often a child's face is read on a school day.")
@click.option("--children", type=int, metavar="N", help="Children in a class.")
@click.option("--days", type=int, metavar="N", help="School days in a year.")
@click.option("--tested", type=int, metavar="N", help="On how many pictures, clips or people it was tested.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def claim(
    sentence: str,
    prevalence: float | None,
    looks_per_day: float | None,
    children: int | None,
    days: int | None,
    tested: int | None,
    as_json: bool,
) -> None:
    """What SENTENCE would mean in a school: how many false alarms it allows, what it does not say, what to ask.

    It is read by rules, in English. What may mean several things is asked about, never guessed. Where you do not say
    how common the thing is, three examples are shown; where you do not say how often a child is looked at, the school
    day of the shipped deployment as-described is used, and named.
    """
    import json

    from misread.audit.claim import Given, meaning, read
    from misread.audit.claim import as_json as told

    found = read(sentence)
    given = Given(prevalence, looks_per_day, children, days, tested)
    result = meaning(found, _with_day(found, given) if found.stated else given)
    if as_json:
        click.echo(json.dumps(told(result), ensure_ascii=False, indent=1))
    else:
        _show(result)


def _with_day(found: Claim, given: Given) -> Given:
    """What is not given, from the shipped school day; how often is looked also from the sentence, if it says so."""
    if None not in (given.looks_per_day, given.children, given.days):
        return given
    from misread.deployment import load, looks_per_lesson

    day = load(DAY)
    looks: float = day.calendar.lessons_per_day * looks_per_lesson(day)
    if found.every_seconds:
        looks = day.calendar.lessons_per_day * day.calendar.lesson_minutes * 60 / found.every_seconds
    return given.filled(
        DAY, looks_per_day=max(1, looks), children=day.population.class_size, days=day.calendar.days_per_year
    )


def _show(result: Meaning) -> None:
    paragraphs([(0, f"“{result.claim.sentence}”", "bold"), (0, "", "")])
    if result.claim.unclear:
        paragraphs(_asked(result.claim.unclear, alone=not result.parts))
    if result.parts:
        paragraphs([(0, "What it would mean", "bold")])
        for part in result.parts:
            _show_part(part)
        paragraphs(_assumed(result.given, counted=any(part.rows or part.any_wrong for part in result.parts)))
    if result.open:
        paragraphs(_open(result))
    paragraphs((0, note, "") for note in result.notes)


def _asked(unclear: Sequence[Unclear], *, alone: bool) -> Iterator[Line]:
    from misread.audit.claim import asked, name

    yield 0, "What has to be asked before anything follows" if alone else "What has to be asked", "bold"
    for one in unclear:
        yield 2, f"“{one.words}”: {asked(one)}", ""
        for choice in one.choices:
            if choice.id == "both":
                yield 4, "- each of them: give a sentence for each", ""
            else:
                yield 4, f"- {name(choice.id)}" + ("" if choice.sentence else ": say so with that word alone"), ""
            if choice.sentence:
                yield 6, f'misread claim "{choice.sentence}"', ""
    yield 0, "", ""


def _show_part(part: Part) -> None:
    from misread.audit.claim import bounded, name

    named = " + ".join(f"“{one.words}” ({name(one.quantity)})" for one in part.stated)
    paragraphs([(2, f"{named}:", ""), *((4, sentence, "") for sentence in part.sentences)])
    if bounded(part.rows):
        _show_rows(part.rows)
    if part.best:
        paragraphs([(4, "If it were always as good as the best that is named:", "")])
        _show_rows(part.best)


def _show_rows(rows: Sequence[Row]) -> None:
    """Rows as a table whose heads are broken into lines; where that is too wide, each row as a sentence."""
    from textwrap import wrap

    from misread.audit.claim import heads, row
    from misread.cli.support.terminal import WIDEST, terminal

    cells = [row(one) for one in rows]
    kept = [i for i, _head in enumerate(heads()) if any(line[i] for line in cells)]
    wide = {i: max(map(len, (*heads()[i].split(), *(line[i] for line in cells)))) for i in kept}
    console = terminal()
    if INDENT + sum(wide.values()) + 2 * len(kept) > min(console.width, WIDEST):
        paragraphs((INDENT, "; ".join(f"{heads()[i]}: {line[i]}" for i in kept if line[i]), "") for line in cells)
        return
    broken = {i: wrap(heads()[i], wide[i]) for i in kept}
    height = max(map(len, broken.values()))
    lines = [[([""] * (height - len(broken[i])) + broken[i])[n] for i in kept] for n in range(height)]
    for line in [*lines, *([line[i] for i in kept] for line in cells)]:
        shown = "  ".join(text.rjust(wide[i]) for i, text in zip(kept, line, strict=True))
        console.print(" " * INDENT + shown, markup=False, soft_wrap=True)


def _open(result: Meaning) -> Iterator[Line]:
    yield 0, "What it does not say, and what to ask", "bold"
    for i, left in enumerate(result.open, start=1):
        field = FIELDS.get(left.aspect)
        yield 2, f"{i}. {left.unsaid}", ""
        yield 5, left.question + (f" [{field}]" if field else ""), ""
    yield 2, "In brackets: the field of misread rights record that keeps the answer.", ""
    yield 0, "", ""


def _assumed(given: Given, *, counted: bool) -> Iterator[Line]:
    """Which numbers nobody gave, and where they come from."""
    words = {"looks_per_day": "%g looks a day", "children": "%g children in a class", "days": "%g school days a year"}
    for source in sorted({source for _name, source in given.assumed}) if counted else ():
        said = [words[name] % getattr(given, name) for name, of in given.assumed if of == source]
        options = ", ".join(f"--{name.replace('_', '-')}" for name, of in given.assumed if of == source)
        yield 2, f"Assumed, as in the deployment {source}: {', '.join(said)}. Give your own with {options}.", ""
    yield 0, "", ""
