"""Sentences and pictures of what was asked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from misread.deployment import Deployment, to_toml
from misread.findings.definitions import DEFINITIONS
from misread.report import page, sources, story, words
from misread.report.lookup import Figures, isolate, quote
from misread.report.pictures import SCATTER, AverageFile, Hundred, average_file, slips
from misread.report.sources import Ground, Library
from misread.report.story import RuleStory
from misread.report.words import Band, amount, listing
from misread.web.pages.explore import numbers
from misread.web.pages.explore.asked import Asked, load_from
from misread.web.pages.explore.numbers import Reader

ROOM = 4
"""How many times a value its scale reaches, whether there is an interval yet or not."""


@dataclass(frozen=True, slots=True)
class Squares:
    """A hundred of something, as three paths.

    Attributes
    ----------
    wrong, right, none : str
        Outlines of each kind; empty where there is none.
    said : str
        The picture in words.
    """

    wrong: str
    right: str
    none: str
    said: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A part of the fact box: a picture of 100, its number, and the words after it."""

    number: str
    tone: str
    words: str
    picture: Squares | None
    id: str


@dataclass(frozen=True, slots=True)
class Row:
    """A reader in the fact box."""

    name: str
    note: str
    facts: tuple[Fact, ...]
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A hundred children at one moment."""

    title: str
    number: int
    finer: str
    interval: str
    rest: str
    picture: Squares
    id: str


@dataclass(frozen=True, slots=True)
class GroupDot:
    """A group's wrong flags: where its dot and its pale bar stand, in per cent."""

    name: str
    amount: str
    interval: str
    dot: float
    low: float
    width: float


@dataclass(frozen=True, slots=True)
class Kindest:
    """Ten alerts at the kindest published figures."""

    sentence: str
    kinds: tuple[str, ...]


def everything(asked: Asked, found: Figures, second: bool) -> dict[str, Any]:
    """All that the page tells of one deployment."""
    deployment, rule = asked.deployment, asked.rule
    main = story.tell(rule, found, deployment.population.school_years, deployment.classifier.reader)
    parts = parts_of(asked.name, asked.pasted, asked.changes)
    waits = numbers.slow(deployment) and not second
    by_group, axis = _groups(found, rule.name)
    return {
        "story": main,
        "reach": _reach(main, story.kept(deployment)),
        "scale": _scale(deployment, found, rule.name),
        "box": _box(asked, found, waits),
        "spell": f"being {listing([isolate(c) for c in rule.claims])}",
        "panels": tuple(_panel(p) for p in main.panels),
        "groups": by_group,
        "group_axis": axis,
        "group_sentence": _group_sentence(found, rule.name),
        "file": _file(found, rule.name, deployment),
        "kindest": None if waits else _kindest(asked, found),
        "waits": waits,
        "parts": parts,
        "assumed": tuple(p.title for p in sources.carried(["flag_ppv"], parts)),
        "file_assumed": tuple(p.title for p in sources.carried(["flags_on_file_end"], parts)),
        "origins": {f.id: (DEFINITIONS[f.id].meaning, f.method) for f in found.rows},
        "toml": to_toml(deployment) if second else "",
        "cannot": page.limits((deployment,)),
    }


@lru_cache(maxsize=16)
def parts_of(name: str, pasted: str, changes: str) -> tuple[Ground, ...]:
    """Every number of a deployment before the questions are answered, with what it rests on."""
    stated = load_from(name, pasted, tuple(changes.splitlines()), ())
    return sources.grounds(sources.parameters(stated), Library.load())


def _reach(main: RuleStory, stays: str) -> str:
    year = story.first_year(main)
    return f"{year}, and {stays}." if year else ""


def _scale(deployment: Deployment, found: Figures, rule: str) -> str:
    people = deployment.population
    watched = people.schools * people.pupils_per_school * (1 - people.opt_out)
    all_, wrong = (found.value(id, rule) for id in ("flags_per_pupil_year", "false_flags_per_pupil_year"))
    if all_ is None or wrong is None:
        return ""
    told = f"For {amount(watched)} {'pupil' if watched == 1 else 'pupils'} that makes {_large(all_ * watched)} alerts"
    return f"{told} in a school year, {_large(wrong * watched)} of them wrong."


def _large(n: float) -> str:
    """A large number as one says it."""
    for size, name in ((1e9, "billion"), (1e6, "million")):
        if n >= size:
            return f"{amount(n / size)} {name}"
    if n < 1000:
        return amount(n)
    step = 10 ** (len(str(int(n))) - 2)
    return f"{round(n / step) * step:,}"


def _box(asked: Asked, found: Figures, waits: bool) -> tuple[Row, ...]:
    deployment, rule = asked.deployment, asked.rule
    who = words.upper_first(isolate(deployment.classifier.reader))
    notes = {
        who: "the rule, on what is read in faces",
        "A perfect reader": "the same rule, told each child’s true state",
        "Pointing blindly": "as many alerts, at moments picked by lot",
        "A teacher instead": "the same rule, faces read as people read acted ones",
    }
    if asked.name == numbers.TEACHER:
        del notes["A teacher instead"]
    if waits:
        return tuple(Row(name, note, (), waits=True) for name, note in notes.items())
    theirs = None
    if "A teacher instead" in notes:
        theirs = numbers.read_as_in(deployment, numbers.TEACHER, rule)
    readers = (
        numbers.reader("own", found, rule.name),
        numbers.reader("perfect", found, rule.name, reader="perfect"),
        numbers.blind(deployment, rule, found),
        None if theirs is None else numbers.reader("teacher", theirs, rule.name),
    )
    return tuple(
        _row(name, note, reader)
        for (name, note), reader in zip(notes.items(), readers, strict=False)
        if reader is not None
    )


def _row(name: str, note: str, reader: Reader) -> Row:
    facts = []
    if reader.caught is not None:
        n = words.half_up(100 * reader.caught)
        said = f"of 100 real spells caught; {100 - n} missed"
        facts.append(
            Fact(str(n), "right" if n else "", said, _squares(0, n, f"{n} of 100 spells caught"), "spells_missed")
        )
    if reader.wronged is not None:
        n = words.half_up(100 * reader.wronged)
        said = "of 100 children wrongly flagged in the first week"
        facts.append(Fact(str(n), "wrong" if n else "", said, _squares(n, 0, f"{n} {said}"), "p_false_flag_by_week_1"))
    if reader.right is not None:
        n = words.half_up(100 * (1 - reader.right))
        said = "of 100 alerts wrong"
        facts.append(Fact(str(n), "wrong" if n else "", said, _squares(n, 100 - n, f"{n} {said}"), "flag_ppv"))
    return Row(name, note, tuple(facts))


def _squares(wrong: int, right: int, said: str) -> Squares:
    """A hundred small squares, row by row: first the right ones."""
    kinds = ["right"] * right + ["wrong"] * wrong + ["none"] * (100 - right - wrong)
    paths = {"wrong": "", "right": "", "none": ""}
    for i, kind in enumerate(kinds):
        paths[kind] += f"M{i % 20 * 9 + 1} {i // 20 * 9 + 1}h7v7h-7z"
    return Squares(**paths, said=said)


def _children(children: Hundred, said: str) -> Squares:
    """A hundred children, each in its place throughout."""
    kinds = ["wrong"] * children.wrong + ["right"] * children.right + ["none"] * children.none
    paths = {"wrong": "", "right": "", "none": ""}
    for place, kind in zip(SCATTER, kinds, strict=True):
        x, y = place % 10 * 23, place // 10 * 27
        paths[kind] += (
            f"M{x + 11} {y + 2.8:.1f}a4.4 4.4 0 1 0 .01 0z"
            f"M{x + 3.2:.1f} {y + 23.6:.1f}v-3.2c0-4.4 3.4-7 7.8-7s7.8 2.6 7.8 7v3.2z"
        )
    return Squares(**paths, said=said)


def _panel(p: story.Panel) -> Panel:
    children = p.children
    rest = f"{children.right} rightly every time, {children.none} not flagged"
    said = f"{p.title}: of 100 children, {children.said}"
    return Panel(p.title, children.wrong, p.finer, p.interval, rest, _children(children, said), p.wrong.id)


def _groups(found: Figures, rule: str) -> tuple[tuple[GroupDot, ...], tuple[str, ...]]:
    rows = [(f.group, band) for f in found.groups("false_flags_per_pupil_year", rule) if (band := Band.of(f))]
    if len(rows) < 2:
        return (), ()
    # Room for intervals before they come, so that nothing jumps when they do.
    most = max(max(ROOM * band.value, band.high or 0) for _, band in rows) or 1.0
    step = next(s for e in range(-3, 9) for m in (1, 2, 5) if (s := m * 10.0**e) * 4 >= most)
    top = step * 4
    dots = []
    for name, band in rows:
        low, high = band.ends or (band.value, band.value)
        place = [round(100 * x / top, 2) for x in (band.value, low, high)]
        dots.append(GroupDot(isolate(name), amount(band.value), words.span(band), place[0], place[1],
                             round(place[2] - place[1], 2)))  # fmt: skip
    return tuple(dots), tuple(amount(step * i) for i in range(5))


def _group_sentence(found: Figures, rule: str) -> str:
    rows = [(f.value, f.group) for f in found.groups("false_flags_per_pupil_year", rule) if f.value is not None]
    if len(rows) < 2:
        return "All children belong to one group here, so nothing is said of who would carry more."
    (least, low), (most, high) = min(rows), max(rows)
    if amount(least) == amount(most):
        return f"Each group carries {amount(most)} wrong flags per child and school year."
    return (
        f"From {amount(least)} for {quote(low)} to {amount(most)} for {quote(high)}: wrong flags per child and "
        "school year."
    )


def _file(found: Figures, rule: str, deployment: Deployment) -> AverageFile | None:
    flags, wrong = (found.value(id, rule) for id in ("flags_per_pupil_year", "false_flags_per_pupil_year"))
    if not flags or wrong is None:
        return None
    return average_file(wrong, flags, deployment.population.school_years)


def _kindest(asked: Asked, found: Figures) -> Kindest | None:
    if asked.name == numbers.KINDEST:
        return None
    theirs = numbers.read_as_in(asked.deployment, numbers.KINDEST, asked.rule, ("flag_ppv",))
    right = None if theirs is None else theirs.value("flag_ppv", asked.rule.name)
    own = found.value("flag_ppv", asked.rule.name)
    if right is None or own is None:
        return None
    of = words.base(1 - right)
    even = "Even then, " if right >= own else "Then "
    said = f"{even}{words.tally(1 - right, of)} of {words.count(of)} alerts would be wrong."
    return Kindest(said, slips(right))
