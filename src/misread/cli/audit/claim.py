"""`misread claim`: what a vendor's sentence would mean, what it does not say, and what to ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from misread.cli.support.paragraphs import Line, paragraphs

if TYPE_CHECKING:
    from misread.audit.claim import Given, Meaning, Part, Row, Unclear

INDENT = 4
"""Columns that a table is set in."""


def share(_ctx: click.Context, param: click.Parameter, given: str | None) -> float | None:
    """A share as it is typed: "5%", "0.05", "5 of 100"; "5" alone may mean two things."""
    from misread.audit.claim import share as share_of
    from misread.errors import MisreadError, Problem

    if given is None or (found := share_of(given)) is not None:
        return None if given is None else found
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

    from misread.audit.claim import DAY, Given, meaning, read
    from misread.audit.claim import as_json as told
    from misread.deployment import load, school_day

    found = read(sentence)
    given = Given(prevalence, looks_per_day, children, days, tested)
    if found.stated:
        given = given.filled(DAY, **school_day(load(DAY), found.every_seconds))
    result = meaning(found, given)
    if as_json:
        click.echo(json.dumps(told(result), ensure_ascii=False, indent=1))
    else:
        _show(result)


def _show(result: Meaning) -> None:
    from misread.audit.claim import shown

    paragraphs([(0, f"“{result.claim.sentence}”", "bold"), (0, "", "")])
    if result.claim.unclear:
        paragraphs(_asked(result.claim.unclear, alone=not result.parts))
    if result.short:
        paragraphs([(0, "In short", "bold"), *((2, sentence, "") for sentence in result.short)])
        paragraphs(_assumed(result.given, counted=any(part.rows or part.any_wrong for part in result.parts)))
        paragraphs([(0, "", "")])
    if result.parts:
        paragraphs([(0, "What it would mean", "bold")])
        about = result.about_rows
        for part in result.parts:
            # How a table is to be read stands under the first one.
            if _show_part(part, shown(part, result.parts)):
                paragraphs((INDENT, sentence, "") for sentence in about)
                about = ()
            paragraphs([(0, "", "")])
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


def _show_part(part: Part, rows: Sequence[Row]) -> bool:
    """Show what one statement means; whether there was a table."""
    from misread.audit.claim import name

    named = " + ".join(f"“{one.words}” ({name(one.quantity)})" for one in part.stated)
    paragraphs([(2, f"{named}:", ""), *((4, sentence, "") for sentence in part.sentences)])
    if rows:
        _show_rows(rows)
    if part.best:
        paragraphs([(4, "If it were always as good as the best that is named:", "")])
        _show_rows(part.best)
    return bool(rows or part.best)


def _show_rows(rows: Sequence[Row]) -> None:
    """Rows as a table whose heads are broken into lines; where that is too wide, each row as a list."""
    from textwrap import wrap

    from misread.audit.claim import heads, row
    from misread.cli.support.terminal import WIDEST, terminal

    cells = [row(one) for one in rows]
    kept = [i for i, _head in enumerate(heads()) if any(line[i] for line in cells)]
    console = terminal()
    room = min(console.width, WIDEST) - INDENT - 2 * len(kept)
    wide = _widths([heads()[i] for i in kept], [max(len(line[i]) for line in cells) for i in kept], room)
    if not wide:
        first, *others = kept
        for line in cells:
            paragraphs([(INDENT, f"{heads()[first]}: {line[first]}", "")])
            paragraphs((INDENT + 2, f"{heads()[i]}: {line[i]}", "") for i in others if line[i])
        return
    broken = [wrap(heads()[i], width) for i, width in zip(kept, wide, strict=True)]
    height = max(map(len, broken))
    lines = [[([""] * (height - len(head)) + head)[n] for head in broken] for n in range(height)]
    for texts in [*lines, *([line[i] for i in kept] for line in cells)]:
        shown = "  ".join(text.rjust(width) for text, width in zip(texts, wide, strict=True))
        console.print(" " * INDENT + shown.rstrip(), markup=False, soft_wrap=True)


def _widths(heads: Sequence[str], least: Sequence[int], room: int) -> list[int]:
    """Widths of columns in which nothing is cut: wider ones for heads of many lines; none where there is no room."""
    from textwrap import wrap

    wide = [max(n, *map(len, head.split())) for head, n in zip(heads, least, strict=True)]
    if sum(wide) > room:
        return []
    for _ in range(room - sum(wide)):
        lines = [len(wrap(head, width)) for head, width in zip(heads, wide, strict=True)]
        if max(lines) == 1:
            break
        wide[lines.index(max(lines))] += 1
    return wide


def _open(result: Meaning) -> Iterator[Line]:
    from textwrap import wrap

    from misread.cli.support.terminal import WIDEST, terminal

    yield 0, "What it does not say: ask", "bold"
    room = max(min(terminal().width, WIDEST) - 6, 20)
    for i, left in enumerate(result.open, start=1):
        first, *rest = wrap(left.question + (f" [{left.field}]" if left.field else ""), room)
        yield 2, f"{f'{i}.':<4}{first}", ""
        yield from ((6, line, "") for line in rest)
    yield 2, "In brackets: the field of misread rights record that keeps the answer.", ""
    yield 0, "", ""


def _assumed(given: Given, *, counted: bool) -> Iterator[Line]:
    """Which numbers nobody gave, and where they come from."""
    words = {"looks_per_day": "%g looks a day", "children": "%g children in a class", "days": "%g school days a year"}
    for source in sorted({source for _name, source in given.assumed}) if counted else ():
        said = [words[name] % getattr(given, name) for name, of in given.assumed if of == source]
        options = ", ".join(f"--{name.replace('_', '-')}" for name, of in given.assumed if of == source)
        yield 2, f"Assumed, as in the deployment {source}: {', '.join(said)}. Give your own with {options}.", ""
