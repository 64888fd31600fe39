"""`misread trace`: one made-up pupil's day, look by look, or a class's."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from misread.cli.child.pupil import Watched, clock, plural, seed_option, watched, within
from misread.cli.support.options import deployment_options

if TYPE_CHECKING:
    from rich.console import Console

    from misread.deployment.model import Deployment
    from misread.engine.sampled.replay import Facts, Flag, Look, Replay

T = TypeVar("T")
INTERRUPTED = 130


@dataclass(frozen=True)
class Day:
    """One school day of one school: `day` counts over all years; all from 1."""

    school: int
    day: int
    year: int

    def looks(self, replay: Replay, pupils: Sequence[int]) -> list[tuple[Look, ...]]:
        """The looks of the day at each of some pupils; none at one whom the cameras leave alone."""
        return list(replay.days(self.school, pupils, self.day).values())


@click.command()
@deployment_options
@click.option("--school", type=int, default=1, show_default=True, help="Which school, counted from 1.")
@click.option("--pupil", type=int, help="Which pupil of the school, counted from 1. Without it: a class.")
@click.option("--class", "klass", type=int, help="Which class of the school, counted from 1. By default the first.")
@click.option("--day", type=int, default=1, show_default=True, help="Which school day, counted from 1 over all years.")
@seed_option
@click.option("--follow", is_flag=True, help="Show the looks as they come, at the pace of --speed.")
@click.option(
    "--speed",
    type=click.FloatRange(1, 1e6),
    default=600.0,
    show_default=True,
    help="With --follow: school seconds that pass in a second. 1 is real time; 600 is ten minutes a second.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the looks as JSON.")
@click.pass_context
def trace(
    ctx: click.Context,
    deployment: str,
    policies: tuple[str, ...],
    settings: tuple[str, ...],
    school: int,
    pupil: int | None,
    klass: int | None,
    day: int,
    seed: int,
    follow: bool,
    speed: float,
    as_json: bool,
) -> None:
    """Follow one made-up pupil (or a class) through a day: what is true, and what is written down.

    The pupil is the very one that the sampled engine counts; the same seed gives the same day. Ctrl-C ends --follow
    and says what was seen so far.
    """
    from misread.deployment import load

    if follow and as_json:
        raise click.UsageError("--follow shows looks one by one, and --json prints them all at once: leave one out.")
    loaded = load(deployment, policies=policies, settings=settings)
    pupils = _pupils(loaded, school, pupil, klass)
    within("--day", day, loaded.calendar.days_per_year * loaded.population.school_years, "school days")
    when = Day(school, day, (day - 1) // loaded.calendar.days_per_year + 1)
    seen = watched(loaded, seed)
    if as_json:
        click.echo(json.dumps(_as_json(loaded, seen.replay, pupils, when, seed), ensure_ascii=False, indent=1))
        return
    pace = _Pace(speed) if follow else _at_once
    show = _show_class if pupil is None else _show_pupil
    if not show(seen, pupils, when, pace):
        ctx.exit(INTERRUPTED)


def _pupils(deployment: Deployment, school: int, pupil: int | None, klass: int | None) -> range:
    """Whose day it is: one pupil, or a class; a school's last class may be smaller."""
    from misread.errors import MisreadError, Problem

    population = deployment.population
    within("--school", school, population.schools, "schools")
    if pupil is not None and klass is not None:
        what = "A pupil and a class are asked for at once."
        raise MisreadError(Problem(what, "one of them.", "leave --pupil or --class out.", key="--class"))
    if pupil is not None:
        within("--pupil", pupil, population.pupils_per_school, "pupils in each school")
        return range(pupil, pupil + 1)
    size = population.class_size
    within("--class", 1 if klass is None else klass, -(-population.pupils_per_school // size), "classes")
    first = ((klass or 1) - 1) * size + 1
    return range(first, min(first + size, population.pupils_per_school + 1))


def _as_json(deployment: Deployment, replay: Replay, pupils: range, when: Day, seed: int) -> dict[str, Any]:
    rows = []
    for pupil, seen in zip(pupils, when.looks(replay, pupils), strict=True):
        facts = replay.facts(when.school, pupil)
        looks = [_look(look) for look in seen]
        seat = {"view": facts.views[when.year - 1]} if facts.views else {}
        head = {"pupil": pupil, "class": facts.klass, "group": facts.group, **seat, "watched": facts.watched}
        rows.append({**head, "looks": looks})
    return {
        "format": "misread-trace/2",
        "deployment": {"title": deployment.title},
        "school": when.school,
        "day": when.day,
        "year": when.year,
        "seed": seed,
        "pupils": rows,
    }


def _look(look: Look) -> dict[str, Any]:
    return {
        "lesson": look.lesson,
        "look": look.look,
        "minute": round(look.minute, 6),
        **({"situation": look.situation} if look.situation else {}),
        "state": look.state,
        "expression": look.expression,
        "label": look.label,
        "hits": list(look.hits),
        "flags": [{"rule": f.rule, "true": f.true, "notify": list(f.notify)} for f in look.flags],
    }


class _Tally:
    """Flags and alerts so far."""

    def __init__(self) -> None:
        self.flags: Counter[bool] = Counter()
        self.told: Counter[str] = Counter()

    def add(self, flag: Flag) -> None:
        self.flags[flag.true] += 1
        self.told.update(flag.notify)

    def __str__(self) -> str:
        flags = self.flags[False] + self.flags[True]
        told = ", ".join(f"{plural(n, 'alert')} to the {who}" for who, n in sorted(self.told.items()))
        line = f"\n{plural(flags, 'flag')}: {self.flags[False]} wrong, {self.flags[True]} right."
        return line + (f" Sent: {told}." if told else "")


def _verdict(flag: Flag) -> str:
    to = ", ".join(flag.notify) or "nobody"
    return f"⚑ {flag.rule} {'✓ right' if flag.true else '✕ wrong'} → {to}"


Pace = Callable[[Iterable[T], Callable[[T], float]], Iterator[T]]


def _at_once(looks: Iterable[T], minute: Callable[[T], float]) -> Iterator[T]:  # noqa: ARG001
    yield from looks


class _Pace:
    """Lets looks come when they are due, by a clock that runs `speed` times as fast."""

    def __init__(self, speed: float) -> None:
        self.speed = speed

    def __call__(self, looks: Iterable[T], minute: Callable[[T], float]) -> Iterator[T]:
        started = time.monotonic()
        for look in looks:
            due = started + minute(look) * 60 / self.speed
            if (left := due - time.monotonic()) > 0:
                time.sleep(left)
            yield look


def _about_pupil(facts: Facts, when: Day) -> str:
    seat = f", seat “{facts.views[when.year - 1]}”" if facts.views else ""
    return (
        f"Pupil {facts.pupil:,} of school {facts.school:,}, class {facts.klass}{seat}, day {when.day:,} "
        f"(year {when.year}): made up, group “{facts.group}”"
    )


def _show_pupil(seen: Watched, pupils: range, when: Day, pace: Pace[Look]) -> bool:
    """Print the day; False if it was stopped."""
    from rich.text import Text

    from misread.cli.support.terminal import terminal

    console, deployment = terminal(), seen.deployment
    facts = seen.replay.facts(when.school, pupils[0])
    console.print(Text(_about_pupil(facts, when), style="bold"))
    if not facts.watched:
        console.print("This pupil has opted out: no look, no label, no flag.")
        return True
    number = {rule.name: i for i, rule in enumerate(deployment.rules, 1)}
    for rule in deployment.rules:
        counted, claimed = " or ".join(rule.labels), " or ".join(rule.claims)
        line = f"● {number[rule.name]} {rule.name}: counts {counted}; flags at {rule.flag}; claims {claimed}"
        console.print(Text(line, style="dim"))
    wide = {
        "state": max(map(len, deployment.pupil.states)),
        "face": max(map(len, seen.chain.expressions)),
        "label": max(12, *map(len, deployment.classifier.labels)),
    }

    def show(look: Look, tally: _Tally) -> None:
        line = f"{clock(look.minute):<10} {look.state:<{wide['state']}}  {look.expression:<{wide['face']}}  "
        line += f"{look.label:<{wide['label']}}  " + " ".join(f"● {number[name]}" for name in look.hits)
        console.print(Text(line.rstrip()))
        for flag in look.flags:
            tally.add(flag)
            console.print(Text(f"{'':<10} {_verdict(flag)}", style="cyan" if flag.true else "red"))

    words = f"{'is':<{wide['state']}}  {'shows':<{wide['face']}}  {'written down':<{wide['label']}}  counted"
    looks = pace(when.looks(seen.replay, pupils)[0], lambda look: look.minute)
    return _lesson_by_lesson(console, looks, lambda look: look, words, show)


def _show_class(seen: Watched, pupils: range, when: Day, pace: Pace[tuple[Look, ...]]) -> bool:
    """Print the day of all watched pupils of a class; False if it was stopped."""
    from rich.text import Text

    from misread.cli.support.terminal import terminal

    console, replay = terminal(), seen.replay
    facts = [replay.facts(when.school, pupil) for pupil in pupils]
    present = [f.pupil for f in facts if f.watched]
    title = (
        f"Class {facts[0].klass} of school {when.school:,}, {len(pupils)} pupils, day {when.day:,} (year {when.year})"
    )
    console.print(Text(f"{title}: made up", style="bold"))
    if len(present) < len(pupils):
        console.print(f"{plural(len(pupils) - len(present), 'pupil')} opted out and are not looked at.")
    console.print("At each look: how many children are in each state, and what is written down about them.")

    def show(looks: tuple[Look, ...], tally: _Tally) -> None:
        are = _counts(look.state for look in looks)
        written = _counts(look.label for look in looks)
        console.print(Text(f"{clock(looks[0].minute):<10} are: {are}\n{'':<10} written down: {written}"))
        for pupil, look in zip(present, looks, strict=True):
            for flag in look.flags:
                tally.add(flag)
                line = f"{'':<10} pupil {pupil}, {look.state}: {_verdict(flag)}"
                console.print(Text(line, style="cyan" if flag.true else "red"))

    together = zip(*when.looks(replay, present), strict=True)
    looks = pace(together, lambda looks: looks[0].minute)
    return _lesson_by_lesson(console, looks, lambda looks: looks[0], "", show)


def _lesson_by_lesson(
    console: Console, looks: Iterator[T], first: Callable[[T], Look], words: str, show: Callable[[T, _Tally], None]
) -> bool:
    """Print looks under a line for each lesson, then the tally; False if it was stopped by Ctrl-C."""
    from rich.text import Text

    tally, lesson, last = _Tally(), 0, None
    try:
        for some in looks:
            last = first(some)
            if last.lesson != lesson:
                lesson = last.lesson
                situation = f"  · {last.situation}" if last.situation else ""
                head = f"lesson {lesson:<3} {words}".rstrip() + situation
                console.print(Text(f"\n{head}", style="dim"))
            show(some, tally)
    except KeyboardInterrupt:
        console.print(f"\nStopped{f' after the look at {clock(last.minute)}' if last else ''}.")
        console.print(str(tally))
        return False
    console.print(str(tally))
    return True


def _counts(words: Iterator[str]) -> str:
    return ", ".join(f"{word} {n}" for word, n in Counter(words).most_common())
