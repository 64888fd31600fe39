"""What faces at rest were called, over the whole day: counts of words, nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from misread.closed.day.counts import AT_REST, by_reader
from misread.closed.day.model import WORDS, Day
from misread.language import gettext as _
from misread.web.draw.sheet import LETTER, sheet
from misread.web.draw.sheet import words as line
from misread.web.pages.closed import words
from misread.web.pages.closed.judged import NO_FACE

WIDE, LANE, BAR = 340.0, 74.0, 26.0
"""As wide as a phone, so that every bar is seen whole: a part of one would look like all of it."""
LEAST = 0.015
"""A word that fewer are called is not written below its part of the bar; the table has it."""


@dataclass(frozen=True, slots=True)
class Called:
    """Of the faces at rest, how many a reader calls by each word, by `WORDS`."""

    reader: str
    counts: tuple[int, ...]

    @property
    def n(self) -> int:
        """All faces at rest that were in the picture."""
        return sum(self.counts)

    @property
    def as_it_is(self) -> int:
        """Those that it calls neutral."""
        return self.counts[WORDS.index(AT_REST)]


def at_rest(day: Day) -> tuple[Called, ...]:
    """The counts of each reader."""
    return tuple(Called(one.reader, tuple(one.at_rest[word] for word in WORDS)) for one in by_reader(day))


def sentence(found: tuple[Called, ...]) -> str:
    """What they were called, in one sentence."""
    best = max(found, key=lambda one: one.as_it_is)
    worst = min(found, key=lambda one: one.as_it_is)
    return _(
        "Of %(n)s faces at rest, %(best)s called %(most)s neutral and %(worst)s called %(least)s neutral.",
        n=f"{best.n:,}",
        best=words.quoted(best.reader),
        most=f"{best.as_it_is:,}",
        worst=words.quoted(worst.reader),
        least=f"{worst.as_it_is:,}",
    )


def bars(found: tuple[Called, ...]) -> Markup:
    """One bar for each reader, a part for each word, the most frequent first after “neutral”."""
    parts = "".join(_bar(one, LANE * i) for i, one in enumerate(found))
    return sheet(sentence(found), LANE * len(found), [parts], width=WIDE)


def _bar(one: Called, y: float) -> str:
    name = _(
        "%(reader)s: %(n)s of %(all)s called neutral",
        reader=words.called(one.reader),
        n=f"{one.as_it_is:,}",
        all=f"{one.n:,}",
    )
    drawn = [line(0, y + 15, name, size=15, bold=True)]
    x, free = 0.0, 0.0
    for word, count in sorted(zip(WORDS, one.counts, strict=True), key=lambda pair: (pair[0] != AT_REST, -pair[1])):
        if not count:
            continue
        wide = WIDE * count / one.n
        kind = "right" if word == AT_REST else "unseen-part" if word == NO_FACE else "wrong"
        drawn.append(
            f'<rect class="{kind}" x="{x:.1f}" y="{y + 21:.1f}" width="{max(wide - 2, 0.6):.1f}" height="{BAR:g}"/>'
        )
        said = f"{_('no face') if word == NO_FACE else word} {count:,}"
        long = LETTER * 14 * len(said)
        if count > LEAST * one.n and x >= free and x + long <= WIDE:
            drawn.append(f'<g translate="no">{line(x, y + 62, said, size=14)}</g>')
            free = x + long + 8
        x += wide
    return "".join(drawn)
