"""What the deployment's rules made of the readers' words: messages, and the words of one child all day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from misread.closed.day.model import READERS, Day, Flagged, Sat
from misread.deployment.model import Rule
from misread.language import gettext as _
from misread.language import ngettext
from misread.web.draw.sheet import sheet
from misread.web.draw.sheet import words as line
from misread.web.pages.classroom.words import clock
from misread.web.pages.closed import words
from misread.web.pages.closed.asked import Asked
from misread.web.pages.closed.judged import misread, verdict

FIRST = 4
"""Messages that are shown unless all are asked for."""
SIGNS = {
    "neutral": "N",
    "happy": "H",
    "sad": "S",
    "angry": "A",
    "fear": "F",
    "disgust": "D",
    "surprise": "U",
    "away": "W",
    "frown": "B",
    "none": "–",
}
"""A letter for each word, for where a word has no room."""
CELL, NAMES, HIGH, GAP = 17.0, 150.0, 24.0, 10.0
"""Width of a look in the strip, of the names before it, height of a row, width between lessons."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message.

    Attributes
    ----------
    reader : str
        By whose words.
    by, to : str
        When and by whom, and who gets it, in words.
    text : str
        What it says.
    judged : {"right", "wrong", "cannot be judged"}
        Whether the child felt what the rule takes the words to mean.
    misread : bool
        Whether it can be judged, and each word that it counts misnames the face.
    why : str
        What was true, in words.
    """

    reader: str
    by: str
    to: str
    text: str
    judged: str
    misread: bool
    why: str


def messages(day: Day, now: Asked, rules: Mapping[str, Rule]) -> list[Sent]:
    """Messages up to a look, of the readers that are looked at, the newest first."""
    sats = {one.pupil: one for one in day.pupils}
    found = [flag for flag in reversed(day.flags) if flag.notify and flag.at <= now.at and flag.reader in now.readers]
    return [_sent(flag, day, sats[flag.pupil], rules[flag.rule]) for flag in found]


def _sent(flag: Flagged, day: Day, sat: Sat, rule: Rule) -> Sent:
    return Sent(
        reader=flag.reader,
        by=_("%(time)s, by %(reader)s", time=clock(day.moments[flag.at].minute), reader=words.quoted(flag.reader)),
        to=words.whom(flag),
        text=words.text(rule),
        judged=flag.judged,
        misread=_by_luck(flag, sat),
        why=words.why(flag, day, sat, rule),
    )


def _by_luck(flag: Flagged, sat: Sat) -> bool:
    """Whether a message can be judged and could be right by luck only: no word that it counts names the face."""
    return flag.judged != "cannot be judged" and misread(flag, sat)


def luck(day: Day) -> str:
    """That no message of the day can be right but by luck; empty where one is, or where none can be judged."""
    sats = {one.pupil: one for one in day.pupils}
    judged = [flag for flag in day.flags if flag.notify and flag.judged != "cannot be judged"]
    if not judged or not all(misread(flag, sats[flag.pupil]) for flag in judged):
        return ""
    return _(
        "Where a message can be judged, each word that it counts misnames the face. If the child did feel so, that is "
        "luck."
    )


def totals(day: Day, now: Asked) -> list[tuple[str, int, int]]:
    """Of each reader, how many messages its words led to: up to a look, and all day. How many are right is not told."""
    sent = [(flag.reader, flag.at) for flag in day.flags if flag.notify]
    return [
        (one, sum(reader == one and at <= now.at for reader, at in sent), sum(reader == one for reader, _at in sent))
        for one in READERS
    ]


def strip(day: Day, one: Sat, at: int) -> Markup:
    """All words about one child: a row for what its face shows, one for each reader, a column for each look."""
    rows = [_row(day, one, None, 0), *(_row(day, one, reader, i + 1) for i, reader in enumerate(READERS))]
    times = [
        line(_left(day, i), 14, clock(moment.minute), size=13, kind="quiet")
        for i, moment in enumerate(day.moments)
        if moment.look == 1
    ]
    tall = 20 + HIGH * (1 + len(READERS))
    ring = f'<rect class="ring" x="{_left(day, at) - 1:.1f}" y="19" width="{CELL:.1f}" height="{tall - 20:.1f}"/>'
    said = _("What each reader wrote down of pupil %(pupil)s, look by look", pupil=one.pupil)
    wide = _left(day, len(day.moments) - 1) + CELL + 2
    return sheet(said, tall, [*times, *rows, ring], width=wide)


def _left(day: Day, at: int) -> float:
    return NAMES + CELL * at + GAP * (day.moments[at].lesson - 1)


def _row(day: Day, one: Sat, reader: str | None, number: int) -> str:
    y = 20 + HIGH * number
    name = _("the face itself") if reader is None else words.called(reader)
    own = "" if reader in (None, READERS[0]) else ' translate="no"'
    cells = [_cell(day, one, reader, at, y) for at in range(len(day.moments))]
    return f"<g{own}>{line(0, y + 16, name, size=15)}</g>{''.join(cells)}"


def _cell(day: Day, one: Sat, reader: str | None, at: int, y: float) -> str:
    face = one.faces[at]
    word = face.expression if reader is None else face.said[READERS.index(reader)]
    found = "quiet" if reader is None else verdict(face, word)
    kind = {"right": "right", "wrong": "wrong", "quiet": "none", "unseen": "unseen"}[found]
    x = _left(day, at)
    box = f'x="{x:.1f}" y="{y:.1f}" width="{CELL - 2:.1f}" height="{HIGH - 4:.1f}"'
    ground = (
        f'<rect class="letter-ground" x="{x + 2:.1f}" y="{y + 3:.1f}" width="11" height="14"/>'
        if found == "wrong"
        else ""
    )
    letter = "on-right" if found == "right" else "of-wrong" if found == "wrong" else ""
    return (
        f'<g><title>{escape(_tip(day, at, word))}</title><rect class="{kind}" {box}/>{ground}<g translate="no">'
        f'<text class="in-picture {letter}" x="{x + CELL / 2 - 1:.1f}" y="{y + 15:.1f}" font-size="13" '
        f'font-weight="700" text-anchor="middle">{SIGNS.get(word, "?")}</text></g></g>'
    )


def _tip(day: Day, at: int, word: str) -> str:
    return _("%(time)s: “%(word)s”", time=clock(day.moments[at].minute), word=word)


def key() -> list[tuple[str, str]]:
    """Which letter stands for which word."""
    return [(letter, word) for word, letter in SIGNS.items()]


def listed(day: Day, one: Sat) -> list[dict[str, Any]]:
    """The same as rows of words."""
    return [
        {
            "time": clock(moment.minute),
            "state": face.state,
            "shows": face.expression,
            "said": face.said,
        }
        for moment, face in zip(day.moments, one.faces, strict=True)
    ]


def strip_said(one: Sat) -> str:
    """What the strip comes to: how often all readers agree about this child."""
    seen = [face for face in one.faces if face.crop]
    same = sum(len(set(face.said)) == 1 for face in seen)
    if not seen:
        return ""
    return ngettext(
        "At one look this child was seen. All readers agree at %(same)s.",
        "At %(n)s looks this child was seen. All readers agree at %(same)s.",
        len(seen),
        same=same,
    )
