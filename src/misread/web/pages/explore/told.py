"""Sentences and pictures of what was asked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from misread.deployment import Deployment, to_toml
from misread.findings.definitions import DEFINITIONS
from misread.language import gettext as _
from misread.language import mark, ngettext
from misread.report import words
from misread.report.drawn.pictures import SCATTER, AverageFile, Hundred, average_file, slips
from misread.report.page import story
from misread.report.page.story import RuleStory
from misread.report.words import Band, amount, headlines, listing, sources
from misread.report.words.lookup import Figures, clean, isolate, quote
from misread.report.words.sources import Ground, Library
from misread.web.pages.explore import numbers
from misread.web.pages.explore.asked import Asked, load_from
from misread.web.pages.explore.numbers import Reader
from misread.web.pages.numbers import address

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


@dataclass(frozen=True, slots=True)
class Told:
    """The answer: its sentence, what it leaves open, and why the children's chances have no interval."""

    headline: headlines.Headline
    interval: str
    without: str


def everything(asked: Asked, found: Figures, second: bool, *, parts: bool = True) -> dict[str, Any]:
    """All that the page tells of one deployment; without its single numbers where they are there already."""
    deployment, rule = asked.deployment, asked.rule
    main = story.tell(rule, found, deployment.population.school_years, deployment.classifier.reader)
    grounds = parts_of(asked.name, asked.pasted, asked.changes)
    waits = numbers.slow(deployment) and not second
    by_group, axis = _groups(found, rule.name)
    file = _file(found, rule.name, deployment)
    return {
        "system": clean(deployment.title) or asked.name,
        "of": _of(asked),
        "story": Told(main.headline, main.interval, main.without),
        "reach": _reach(main, story.kept(deployment)),
        "scale": _scale(deployment, found, rule.name),
        "box": _box(asked, found, waits),
        "spell": listing([isolate(c) for c in rule.claims]),
        "panels": tuple(_panel(p) for p in main.panels),
        "groups": by_group,
        "group_axis": axis,
        "group_sentence": _group_sentence(found, rule.name),
        "strokes": strokes_in_words(file.each) if file else "",
        "file": file,
        "kindest": None if waits else _kindest(asked, found),
        "waits": waits,
        "parts": grounds if parts else (),
        "assumed": tuple(_(ASSUMED.get(p.title, p.title)) for p in sources.carried(["flag_ppv"], grounds)),
        "origins": _origins(asked, found),
        "toml": to_toml(deployment) if second else "",
        "cannot": _cannot(deployment),
    }


ASSUMED = {
    "What children go through": mark("what children go through"),
    "What their faces show": mark("what their faces show"),
    "How children differ": mark("how children differ"),
    "What is made of a face": mark("what is made of a face"),
    "How often, and how well, faces are looked at": mark("how often, and how well, faces are looked at"),
    "School and timetable": mark("school and timetable"),
    "What counts as an alert": mark("what counts as an alert"),
    "What is kept, and used": mark("what is kept, and used"),
}
"""Parts of a deployment, in the middle of a sentence."""

CANNOT = (
    (mark("It is a model. It shows no real camera, no real school and no real child."), ""),
    (mark("How faces are read comes from published tests. Most of them tested grown-ups who posed in good light."), ""),
    (mark("Nobody has measured what the face of a bored or anxious child in class looks like. That part is assumed."),
     ""),
    (mark("A child here has one feeling at a time. Real feelings mix."), ""),
    (mark("The range around a number counts what is known to be open. It cannot count what nobody knows."), ""),
)  # fmt: skip
ALIKE = mark("All children of a group are alike here. Real mistakes cling to some children, who get more of them.")
AFRESH = mark("Each look reads the face anew. Real faces last, so that looks close together may repeat a mistake.")
UNWATCHED = mark("Children here act as if nobody watched them.")
MEANING = (
    (mark("An alert counts as right or wrong by what it claims. Whether a bored child should be reported at all is "
          "another question."), ""),
    (mark("It tells what to expect for many made-up children. It tells nothing about your child."), ""),
)  # fmt: skip
"""What no view can tell, and what it cannot where there are no traits, no lasting faces, no hiding; with evidence."""


def _of(asked: Asked) -> str:
    """Which system, and which of its rules: for a picture that is taken away."""
    said = {"title": quote(asked.deployment.title or asked.name), "name": asked.name, "rule": quote(asked.rule.name)}
    if asked.settings:
        return _("Of %(title)s (%(name)s) with changes, by the rule %(rule)s.", **said)
    return _("Of %(title)s (%(name)s), by the rule %(rule)s.", **said)


def _origins(asked: Asked, found: Figures) -> dict[str, tuple[str, str, str]]:
    """For each finding its meaning, how it was got, and the address that checks it: of what is shipped, as it is."""
    first = {f.id: f for f in reversed(found.rows)}
    checked = not asked.pasted and not asked.settings
    return {
        id: (
            _(DEFINITIONS[id].meaning),
            f"{words.upper_first(f.method)}.",
            address(asked.name, id, f.rule or "") if checked else "",
        )
        for id, f in first.items()
    }


def _cannot(deployment: Deployment) -> tuple[tuple[str, str], ...]:
    lacks = [
        *([] if deployment.traits else [(ALIKE, "H03")]),
        *([] if deployment.face else [(AFRESH, "")]),
        *([] if deployment.feedback else [(UNWATCHED, "")]),
    ]
    return tuple((_(said), evidence) for said, evidence in (*CANNOT, *lacks, *MEANING))


@lru_cache(maxsize=16)
def parts_of(name: str, pasted: str, changes: str) -> tuple[Ground, ...]:
    """Every number of a deployment before the questions are answered, with what it rests on."""
    stated = load_from(name, pasted, tuple(changes.splitlines()), ())
    return sources.grounds(sources.parameters(stated), Library.load())


def _reach(main: RuleStory, stays: str) -> str:
    year = story.first_year(main)
    return _("%(one)s, and %(other)s.", one=year, other=stays) if year else ""


def _scale(deployment: Deployment, found: Figures, rule: str) -> str:
    people = deployment.population
    watched = people.schools * people.pupils_per_school * (1 - people.opt_out)
    all_, wrong = (found.value(id, rule) for id in ("flags_per_pupil_year", "false_flags_per_pupil_year"))
    if all_ is None or wrong is None:
        return ""
    return ngettext(
        "For %(n)s pupil that makes %(alerts)s alerts in a school year, %(wrong)s of them wrong.",
        "For %(n)s pupils that makes %(alerts)s alerts in a school year, %(wrong)s of them wrong.",
        1 if watched == 1 else 2,
        n=amount(watched),
        alerts=_large(all_ * watched),
        wrong=_large(wrong * watched),
    )


def _large(n: float) -> str:
    """A large number as one says it."""
    if n >= 1e9:
        return _("%(n)s billion", n=amount(n / 1e9))
    if n >= 1e6:
        return _("%(n)s million", n=amount(n / 1e6))
    if n < 1000:
        return amount(n)
    step = 10 ** (len(str(int(n))) - 2)
    return f"{round(n / step) * step:,}"


def _box(asked: Asked, found: Figures, waits: bool) -> tuple[Row, ...]:
    deployment, rule = asked.deployment, asked.rule
    who = words.upper_first(story.named(deployment.classifier.reader))
    notes = {
        who: _("the rule, on what is read in faces"),
        _("A perfect reader"): _("the same rule, told each child’s true state"),
        _("Pointing blindly"): _("as many alerts, at moments picked by lot"),
    }
    if asked.name != numbers.TEACHER:
        notes[_("A teacher instead")] = _("the same rule, faces read as people read acted ones")
    if waits:
        return tuple(Row(name, note, (), waits=True) for name, note in notes.items())
    theirs = None
    if asked.name != numbers.TEACHER:
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
        said = _("of 100 real spells caught; %(n)s missed", n=100 - n)
        picture = _squares(0, n, _("%(n)s of 100 spells caught", n=n))
        facts.append(Fact(str(n), "right" if n else "", said, picture, "spells_missed"))
    if reader.wronged is not None:
        n = words.half_up(100 * reader.wronged)
        said = _("of 100 children wrongly flagged in the first week")
        facts.append(Fact(str(n), "wrong" if n else "", said, _squares(n, 0, f"{n} {said}"), "p_false_flag_by_week_1"))
    if reader.right is not None:
        n = words.half_up(100 * (1 - reader.right))
        said = _("of 100 alerts wrong")
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
    rest = _("%(right)s rightly every time, %(none)s not flagged", right=children.right, none=children.none)
    said = _("%(when)s: of 100 children, %(what)s", when=p.title, what=children.said)
    return Panel(p.title, children.wrong, p.finer, p.interval, rest, _children(children, said), p.wrong.id)


def _groups(found: Figures, rule: str) -> tuple[tuple[GroupDot, ...], tuple[str, ...]]:
    rows = [(f.group, band) for f in found.groups("false_flags_per_pupil_year", rule) if (band := Band.of(f))]
    if len(rows) < 2:
        return (), ()
    # Room for intervals before they come, so that nothing jumps when they do.
    most = max(max(ROOM * band.value, band.high or 0) for _name, band in rows) or 1.0
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
        return _("All children belong to one group here, so nothing is said of who would carry more.")
    (least, low), (most, high) = min(rows), max(rows)
    if amount(least) == amount(most):
        return _("Each group carries %(n)s wrong flags per child and school year.", n=amount(most))
    said = _("From %(least)s for %(low)s to %(most)s for %(high)s: wrong flags per child and school year.")
    return said % {"least": amount(least), "low": quote(low), "most": amount(most), "high": quote(high)}


def _file(found: Figures, rule: str, deployment: Deployment) -> AverageFile | None:
    flags, wrong = (found.value(id, rule) for id in ("flags_per_pupil_year", "false_flags_per_pupil_year"))
    if not flags or wrong is None:
        return None
    return average_file(wrong, flags, deployment.population.school_years)


def strokes_in_words(each: int) -> str:
    """What the strokes of the average file mean."""
    one = _("one flag") if each == 1 else _("%(n)s flags", n=f"{each:,}")
    return _(
        "Up and barbed: a wrong flag. Down: a right one. Each stroke stands for %(n)s; an average, not a child.", n=one
    )


def _kindest(asked: Asked, found: Figures) -> Kindest | None:
    if asked.name == numbers.KINDEST:
        return None
    theirs = numbers.read_as_in(asked.deployment, numbers.KINDEST, asked.rule, ("flag_ppv",))
    right = None if theirs is None else theirs.value("flag_ppv", asked.rule.name)
    own = found.value("flag_ppv", asked.rule.name)
    if right is None or own is None:
        return None
    of = words.base(1 - right)
    values = {"wrong": words.tally(1 - right, of), "n": words.count(of)}
    if right >= own:
        said = _("Even then, %(wrong)s of %(n)s alerts would be wrong.", **values)
    else:
        said = _("Then %(wrong)s of %(n)s alerts would be wrong.", **values)
    return Kindest(said, slips(right))
