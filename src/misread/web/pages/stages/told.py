"""What each stage is told beside the tour's own words: what is claimed of it, and the number that belongs there."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from misread.deployment.model.flags import KOfLast, parse_flag
from misread.deployment.seats import views_of
from misread.findings.definitions import DEFINITIONS
from misread.findings.table import Findings
from misread.language import gettext as _
from misread.language import mark, ngettext
from misread.report.file.entries import Kind
from misread.report.file.stages import kinds_of_lesson
from misread.report.words import amount
from misread.web.pages.stages.child import Asked, Followed, added

CLAIMS: Mapping[str, str] = {
    "camera": mark("Cameras stand in classrooms. They film the class and read its faces as the picture comes in."),
    "view": mark("The whole class is filmed. Nothing is said of faces that are small, turned away or hidden."),
    "expression": mark("Short movements that nobody can hold back give away boredom, worry, anger or resistance."),
    "comparison": mark(
        "Points on the face, such as the brows and the corners of the mouth, are compared with a database of faces, "
        "each tied to a feeling."
    ),
    "label": mark("Every few minutes each child gets a feeling, with a time stamp. It is stored."),
    "rule": mark("Whatever differs from what is expected, such as looking out of the window, is flagged."),
    "flag": mark("A flag can tell parents or teachers. Critics say that faces may be misread."),
    "file": mark("Everything goes into a file that is tied to the child and stays."),
    "mark": mark("From about age six on it adds up: how often the child resists, and when it is afraid."),
    "map": mark("Over the years it becomes a map of how the child answers to authority and pressure."),
    "decision": mark("Later the map may count for schooling, for work, or for a social score."),
    "hiding": mark(
        "Critics say that it stops free thought, and that what it rewards is looking right, not being well."
    ),
}
"""What the press report says, in words of our own, by stage."""

ADDED: Mapping[str, str] = {
    "camera-over-the-board": mark("A camera over the board is added to “%(title)s”: not every seat is seen alike."),
    "camera-in-the-corner": mark("A camera in a corner is added to “%(title)s”: not every seat is seen alike."),
}
"""What is said of a room that a system's file does not have."""

IDS = tuple(CLAIMS)
"""The stages' ids, in the order of `misread.report.file.stages.stages`."""
LATE = IDS.index("file")
"""From this stage on all school years are needed."""


@dataclass(frozen=True, slots=True)
class Figure:
    """The number of a stage, and where it comes from.

    Attributes
    ----------
    number, words : str
        The number, and what it counts.
    finding : str
        The finding's id; empty for what is counted in this child's file alone.
    method : str
        How it comes about.
    command : str
        Repeats it.
    check : str
        Address of the page that checks it; empty where none does.
    apart : str
        Where a room of ours alters the number: what it is with that room, and what as written. The address is of the
        latter.
    """

    number: str
    words: str
    finding: str
    method: str
    command: str
    check: str = ""
    apart: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """What figures are made of.

    Attributes
    ----------
    asked : Asked
        Who is followed.
    walk : Followed
        What became of it.
    findings : Findings or None
        Of the whole deployment; None where they take too long.
    written : Findings or None
        The same without a room of ours; None where none was added.
    """

    asked: Asked
    walk: Followed
    findings: Findings | None
    written: Findings | None = None

    def options(self) -> str:
        """The deployment, as a command names it."""
        room = added(self.asked)
        return self.asked.deployment + (f" --with {room}" if room else "")

    def tour(self) -> str:
        """The command that walks with this child, from its first flag; later days are traced."""
        who = f"--school {self.asked.school} --pupil {self.asked.pupil} --seed {self.asked.seed}"
        if self.walk.since == (1, 1):
            return f"misread tour {self.options()} {who}"
        look = self.walk.look[0]
        day = (look.year - 1) * self.walk.file.days_per_year + look.day
        return f"misread trace {self.options()} {who} --day {day}"

    def of(self, id: str, **where: str) -> float | None:
        """A finding's value; None where there is none, or where it takes too long."""
        if self.findings is None:
            return None
        try:
            return self.findings.one(id, **where).value
        except KeyError:
            return None

    def found(self, id: str, number: str, words: str, **where: str) -> Figure:
        """A figure of the whole deployment."""
        about = {"deployment": self.asked.deployment, "finding": id, **({"rule": where["rule"]} if where else {})}
        meaning = _(DEFINITIONS[id].meaning)
        method = _("%(meaning)s Exact, at the figures as stated; the run adds the interval.", meaning=meaning)
        check, command = f"/numbers?{urlencode(about)}", f"misread run {self.options()}"
        return Figure(number, words, id, method, command, check, self._apart(id, **where))

    def _apart(self, id: str, **where: str) -> str:
        """How far a room of ours takes a number from that of the system as written, which is what other pages show."""
        if self.findings is None or self.written is None:
            return ""
        here, written = (found.one(id, **where) for found in (self.findings, self.written))
        if here.value is None or written.value is None or math.isclose(here.value, written.value):
            return ""
        scale = 100 if where else 1
        return _(
            "With the camera that is added it is %(here)s, with the system as written %(written)s.",
            here=f"{scale * here.value:.3g}",
            written=f"{scale * written.value:.3g}",
        )

    def counted(self, number: str, words: str, method: str) -> Figure:
        """A figure of this child alone."""
        return Figure(number, words, "", method, self.tour())


def figure(stage: str, source: Source) -> Figure | None:
    """The number that belongs to a stage; None where it has none."""
    return _FIGURES[stage](source)


def of_100(share: float) -> str:
    """A share as a number of a hundred, without more digits than it needs."""
    return amount(100 * share)


def _camera(s: Source) -> Figure:
    chain = s.walk.chain
    looks = f"{chain.looks * chain.lessons:,}"
    method = _(
        "%(looks)s looks a lesson, %(lessons)s lessons a day: both follow from the deployment.",
        looks=chain.looks,
        lessons=chain.lessons,
    )
    return s.counted(looks, _("looks at this child, every school day"), method)


def _view(s: Source) -> Figure:
    views = {v.name: v for v in views_of(s.walk.deployment)}
    if not s.walk.facts.views:
        why = _("Assumption, kind to the cameras: this deployment tells no seats apart.")
        return s.counted("0", _("of 100 looks are lost on the way to this seat"), why)
    view = views[s.walk.facts.views[s.walk.look[0].year - 1]]
    method = _(
        "A pinhole camera in that room, and how many faces of such a size, angle and cover are found: assumptions."
    )
    if s.walk.deployment.camera.geometry is None:
        method = _("Written in the deployment, with its source there.")
    return s.counted(of_100(view.lost), _("of 100 looks at such a seat find no face"), method)


def _expression(s: Source) -> Figure:
    truth = s.walk.look[1]
    words = _("of 100 looks at a child who is %(state)s show it like this", state=truth.state)
    why = _("Assumption: nobody has measured in a class what faces show. The deployment says how often each is shown.")
    return s.counted(of_100(s.walk.shown()), words, why)


def _comparison(s: Source) -> Figure:
    entry, truth = s.walk.look
    profile, row = s.walk.row()
    words = _(
        "of 100 faces that show %(expression)s are written down as “%(word)s”",
        expression=truth.expression,
        word=entry.word,
    )
    method = _("The row of profile “%(profile)s”: %(source)s", profile=profile.name, source=profile.source)
    return s.counted(of_100(row[entry.word]), words, method)


def _label(s: Source) -> Figure:
    value = s.of("labels_archived")
    words = _("words about this child by the end of school, each with its time")
    if value is not None:
        return s.found("labels_archived", f"{value:,.0f}", words)
    d = s.walk.deployment
    looks = s.walk.chain.looks * s.walk.chain.lessons * d.calendar.days_per_year * d.population.school_years
    return s.counted(f"{looks:,}", words, _("Looks a day times school days times school years."))


def _rule(s: Source) -> Figure | None:
    rule = s.walk.rule
    if rule is None:
        return None
    flag = parse_flag(rule.flag)
    window = s.walk.lesson[-flag.n :] if isinstance(flag, KOfLast) else s.walk.lesson
    so = sum(t.state in rule.claims for _entry, t in window)
    words = _("of the %(n)s looks that the rule read found the child as it claims", n=len(window))
    return s.counted(str(so), words, _("Counted in this lesson: what is true of the child at each look."))


def _flag(s: Source) -> Figure | None:
    rule = s.walk.rule
    if rule is None:
        return None
    value = s.of("flag_ppv", rule=rule.name)
    if value is not None:
        words = _("of 100 flags of “%(rule)s” are right, over all children", rule=rule.name)
        return s.found("flag_ppv", of_100(value), words, rule=rule.name)
    mine = [t for e, t in s.walk.of(Kind.FLAG) if e.word == rule.name]
    right, flags = sum(bool(t.right) for t in mine), f"{len(mine):,}"
    if s.walk.file.first == s.walk.file.last:
        words = _("of the %(n)s flags of “%(rule)s” of that school year are right", n=flags, rule=rule.name)
    else:
        words = _("of the %(n)s flags of “%(rule)s” in this child’s file are right", n=flags, rule=rule.name)
    method = _("Counted in this child’s file; over all children it takes minutes: misread run.")
    return s.counted(f"{right:,}", words, method)


def _file(s: Source) -> Figure | None:
    flags = s.walk.of(Kind.FLAG)
    wrong = sum(not t.right for _entry, t in flags)
    words = _("of the %(n)s flags in this child’s file claim what was not so", n=f"{len(flags):,}")
    return s.counted(f"{wrong:,}", words, _("Counted in this child’s file.")) if flags else None


def _mark(s: Source) -> Figure | None:
    for given in s.walk.deployment.file.marks:
        value = s.of("p_mark_unearned", rule=given.rule, mark=given.name)
        if value is not None:
            words = _(
                "of 100 children are marked “%(mark)s” on flags at least half of which were wrong", mark=given.name
            )
            return s.found("p_mark_unearned", of_100(value), words, rule=given.rule, mark=given.name)
    found = s.walk.of(Kind.MARK)
    unearned = sum(not t.right for _entry, t in found)
    words = ngettext(
        "of this child’s %(marks)s marks is unearned", "of %(marks)s marks are unearned", unearned, marks=len(found)
    )
    return s.counted(str(unearned), words, _("Counted in this child’s file.")) if found else None


def _map(s: Source) -> Figure | None:
    rule = s.walk.rule
    if rule is None or not s.walk.deployment.situations:
        return None
    shares = [flagged for _kind, flagged, _so in kinds_of_lesson(s.walk) if flagged is not None]
    words = _("lessons of 100 lie between the kind that is flagged least often and the one that is most often")
    return s.counted(amount(max(shares) - min(shares)), words, _("Counted in this child’s file."))


def _decision(s: Source) -> Figure | None:
    found = s.walk.of(Kind.DECISION)
    wrong = sum(t.wrong == 1 for _entry, t in found)
    words = _("of %(n)s decisions on this child would surely be another if every flag had been right", n=len(found))
    method = _("Counted for this child, ranked in its whole school.")
    return s.counted(str(wrong), words, method) if found else None


def _hiding(s: Source) -> Figure | None:
    if s.walk.deployment.feedback is None:
        return None
    words = _("of 100 looks meet a face that hides, at the end of school")
    why = _("Assumption: how much a child hides for each flag is not known; the deployment says it.")
    return s.counted(of_100(s.walk.masking()[1]), words, why)


_FIGURES: Mapping[str, Callable[[Source], Figure | None]] = {
    "camera": _camera,
    "view": _view,
    "expression": _expression,
    "comparison": _comparison,
    "label": _label,
    "rule": _rule,
    "flag": _flag,
    "file": _file,
    "mark": _mark,
    "map": _map,
    "decision": _decision,
    "hiding": _hiding,
}
