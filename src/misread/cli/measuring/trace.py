"""`misread trace`: one made-up pupil's day, look by look, or a class's."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import click

from misread.cli.support.options import deployment_options

if TYPE_CHECKING:
    from misread.deployment.model import Deployment
    from misread.engine.trace import Flag, Look, Sampler

T = TypeVar("T")
PACE = 0.25
"""Seconds between looks with --follow."""


@click.command()
@deployment_options
@click.option("--pupil", type=int, help="Which pupil, counted from 1. Without it: the first class.")
@click.option("--day", type=int, default=1, show_default=True, help="Which school day, counted from 1.")
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    default=1,
    show_default=True,
    help="Another seed: other pupils.",
)
@click.option("--follow", is_flag=True, help="Show the looks one by one, as they come.")
@click.option("--json", "as_json", is_flag=True, help="Print the looks as JSON.")
def trace(
    deployment: str,
    policies: tuple[str, ...],
    settings: tuple[str, ...],
    pupil: int | None,
    day: int,
    seed: int,
    follow: bool,
    as_json: bool,
) -> None:
    """Follow one made-up pupil (or a class) through a day: what is true, and what is written down.

    Drawn by lot from the deployment; the same seed gives the same day.
    """
    from misread.deployment import load

    loaded = load(deployment, policies=policies, settings=settings)
    sampler = _sampler(loaded, seed)
    last = loaded.population.schools * loaded.population.pupils_per_school
    days = loaded.calendar.days_per_year * loaded.population.school_years
    _within("--pupil", pupil if pupil is not None else 1, last, "pupils")
    _within("--day", day, days, "school days")
    size = min(loaded.population.class_size, loaded.population.pupils_per_school)
    pupils = range(1, size + 1) if pupil is None else range(pupil, pupil + 1)
    if as_json:
        click.echo(json.dumps(_as_json(loaded, sampler, pupils, day, seed), ensure_ascii=False, indent=1))
    elif pupil is None:
        _show_class(sampler, pupils, day, follow)
    else:
        _show_pupil(loaded, sampler, pupil, day, follow)


def _sampler(deployment: Deployment, seed: int) -> Sampler:
    from misread.deployment import resolve_profiles, unsupported
    from misread.engine.chain import compile_chain
    from misread.engine.trace import Sampler
    from misread.errors import MisreadError

    if problems := unsupported(deployment):
        raise MisreadError(problems)
    profiles = resolve_profiles(deployment)
    return Sampler(deployment, compile_chain(deployment, profiles), profiles, seed)


def _within(option: str, value: int, last: int, what: str) -> None:
    from misread.errors import MisreadError, Problem

    if not 1 <= value <= last:
        raise MisreadError(
            Problem(
                f"There is no number {value:,}: the deployment has {last:,} {what}.",
                expected=f"a whole number from 1 to {last:,}.",
                mend=f"give another number after {option}.",
                key=option,
            )
        )


def _as_json(deployment: Deployment, sampler: Sampler, pupils: range, day: int, seed: int) -> dict[str, Any]:
    return {
        "format": "misread-trace/1",
        "deployment": {"title": deployment.title},
        "day": day,
        "seed": seed,
        "pupils": [
            {"pupil": p, "group": sampler.group(p), "looks": [_look(look) for look in sampler.day(p, day)]}
            for p in pupils
        ],
    }


def _look(look: Look) -> dict[str, Any]:
    return {
        "lesson": look.lesson,
        "look": look.look,
        "minute": round(look.minute, 6),
        "state": look.state,
        "expression": look.expression,
        "label": look.label,
        "hits": list(look.hits),
        "flags": [{"rule": f.rule, "true": f.true, "notify": list(f.notify)} for f in look.flags],
    }


def _clock(minute: float) -> str:
    """Time of day, if the first lesson starts at eight."""
    seconds = round(minute * 60)
    hour, rest = divmod(8 * 3600 + seconds, 3600)
    return f"{hour % 24:02d}:{rest // 60:02d}" + (f":{rest % 60:02d}" if rest % 60 else "")


def _verdict(flag: Flag) -> str:
    to = ", ".join(flag.notify) or "nobody"
    return f"⚑ {flag.rule} {'✓ right' if flag.true else '✕ wrong'} → {to}"


def _summed(tally: Counter[bool]) -> str:
    flags = tally[False] + tally[True]
    return f"\n{flags} flag{'s' if flags != 1 else ''}: {tally[False]} wrong, {tally[True]} right."


def _show_pupil(deployment: Deployment, sampler: Sampler, pupil: int, day: int, follow: bool) -> None:
    from rich.text import Text

    from misread.cli.support.terminal import terminal

    console = terminal()
    console.print(Text(f"Pupil {pupil:,}, day {day:,}: made up, group “{sampler.group(pupil)}”", style="bold"))
    number = {rule.name: i for i, rule in enumerate(deployment.rules, 1)}
    for rule in deployment.rules:
        counted, claimed = " or ".join(rule.labels), " or ".join(rule.claims)
        line = f"● {number[rule.name]} {rule.name}: counts {counted}; flags at {rule.flag}; claims {claimed}"
        console.print(Text(line, style="dim"))
    wide = {
        "state": max(map(len, deployment.pupil.states)),
        "face": max(len(x) for d in deployment.display.values() for row in d.values() for x in row),
        "label": max(12, *map(len, deployment.classifier.labels)),
    }
    tally: Counter[bool] = Counter()
    lesson = 0
    for look in _paced(sampler.day(pupil, day), follow):
        if look.lesson != lesson:
            lesson = look.lesson
            words = f"{'is':<{wide['state']}}  {'shows':<{wide['face']}}  {'written down':<{wide['label']}}  counted"
            console.print(Text(f"\nlesson {lesson:<3} {words}", style="dim"))
        tally.update(f.true for f in look.flags)
        line = f"{_clock(look.minute):<10} {look.state:<{wide['state']}}  {look.expression:<{wide['face']}}  "
        line += f"{look.label:<{wide['label']}}  " + " ".join(f"● {number[name]}" for name in look.hits)
        console.print(Text(line.rstrip()))
        for flag in look.flags:
            console.print(Text(f"{'':<10} {_verdict(flag)}", style="cyan" if flag.true else "red"))
    console.print(_summed(tally))


def _show_class(sampler: Sampler, pupils: range, day: int, follow: bool) -> None:
    from rich.text import Text

    from misread.cli.support.terminal import terminal

    console = terminal()
    console.print(Text(f"A class of {len(pupils)}, day {day:,}: made up", style="bold"))
    console.print("At each look: how many children are in each state, and what is written down about them.")
    tally: Counter[bool] = Counter()
    lesson = 0
    together = zip(*(sampler.day(p, day) for p in pupils), strict=True)
    for looks in _paced(together, follow):
        first = looks[0]
        if first.lesson != lesson:
            lesson = first.lesson
            console.print(Text(f"\nlesson {lesson}", style="dim"))
        are = _counts(look.state for look in looks)
        written = _counts(look.label for look in looks)
        console.print(Text(f"{_clock(first.minute):<10} are: {are}\n{'':<10} written down: {written}"))
        for pupil, look in zip(pupils, looks, strict=True):
            for flag in look.flags:
                tally[flag.true] += 1
                line = f"{'':<10} pupil {pupil}, {look.state}: {_verdict(flag)}"
                console.print(Text(line, style="cyan" if flag.true else "red"))
    console.print(_summed(tally))


def _counts(words: Iterator[str]) -> str:
    return ", ".join(f"{word} {n}" for word, n in Counter(words).most_common())


def _paced(looks: Iterator[T], follow: bool) -> Iterator[T]:
    for look in looks:
        yield look
        if follow:
            time.sleep(PACE)
