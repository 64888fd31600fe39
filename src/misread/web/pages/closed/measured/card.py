"""The card: what becomes of an answer when only this changes, as sentences, plots and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from misread.closed.card.model import Card, Changed, Found, Share
from misread.closed.day.model import WORDS
from misread.closed.readers.detector.table import SETTINGS
from misread.language import gettext as _
from misread.language import mark, ngettext
from misread.report.words import half_up
from misread.web.pages.closed import rest, words
from misread.web.pages.closed.measured.dots import Column, Dot, Line, dots

FACTORS = {
    "mirrored": mark("left and right changed"),
    "box moved": mark("its box moved a little"),
    "taken again": mark("the picture taken again"),
    "yaw": mark("seen from the side"),
    "pixels": mark("fewer pixels"),
    "light": mark("other light"),
    "blur": mark("out of focus"),
    "JPEG": mark("compressed"),
    "glasses": mark("glasses"),
    "mask": mark("a mask"),
    "skin": mark("lighter or darker skin"),
    "age": mark("another age"),
}
DETECTORS = {"fer": mark("as fer sets it"), "kind": mark("as kind as can be")}
BASE = "base"
SMALLER = "pixels"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: names, and what stands in each column."""

    names: tuple[str, ...]
    cells: tuple[str, ...]


def told(card: Card) -> dict[str, Any]:
    """All that the page says of a card."""
    return {
        "changes": _changes(card),
        "found": _found(card),
        "neutral": _neutral(card),
        "agreement": _agreement(card),
        "power": _power(card),
        "base": card.base,
        "notes": card.notes,
        "heads": card.heads.count,
        "weights": card.weights,
        "made_with": dict(card.made_with),
    }


def called(factor: str) -> str:
    """What is changed, in words."""
    return _(FACTORS[factor]) if factor in FACTORS else factor


def change(factor: str, level: str) -> str:
    """What is changed and how, in words."""
    return _("%(what)s (%(how)s)", what=called(factor), how=level) if level else called(factor)


def _changes(card: Card) -> dict[str, Any]:
    controls = [row for row in card.changes if row.control]
    changed = [row for row in card.changes if not row.control]
    clear = [row for row in changed if _clear(row)]
    sentence = (
        _most(max(changed, key=lambda row: row.flips.share), card, len(changed))
        if clear
        else _("No change clearly did more than a control.")
    )
    return {
        "sentence": sentence,
        "counted": ngettext(
            "Of %(all)s pairs of a change and a reader, %(n)s clearly did more than a change that means nothing.",
            "Of %(all)s pairs of a change and a reader, %(n)s clearly did more than a change that means nothing.",
            len(clear),
            all=len(changed),
        ),
        "drawn": dots(sentence, _columns(card), list(_lines(card, controls, changed))),
        "rows": [Row((called(row.factor), row.level or "–", row.reader), _share(row.flips)) for row in card.changes],
    }


def _clear(row: Changed) -> bool:
    return row.beyond is not None and row.beyond.low > 0


def _most(row: Changed, card: Card, of: int) -> str:
    floor = _floor(card, row.reader)
    return _(
        "One change alone gave %(n)s of 100 faces (%(low)s to %(high)s) another word, by %(reader)s: %(what)s. A "
        "change that means nothing did so to %(least)s. Of %(rows)s pairs of a change and a reader, this is the "
        "largest.",
        n=half_up(100 * row.flips.share),
        low=half_up(100 * row.flips.low),
        high=half_up(100 * row.flips.high),
        rows=of,
        reader=words.quoted(row.reader),
        what=change(row.factor, row.level),
        least=half_up(100 * floor.share),
    )


def _floor(card: Card, reader: str) -> Share:
    """The control that changes a reader's labels the most."""
    name = next(one.labels for one in card.floors if one.reader == reader)
    return next(row.flips for row in card.changes if row.control and row.factor == name and row.reader == reader)


def _columns(card: Card) -> list[Column]:
    floors = {reader: _floor(card, reader) for reader in card.readers}
    return [Column(words.called(one), one == card.readers[0], (floor.low, floor.high)) for one, floor in floors.items()]


def _lines(card: Card, controls: Sequence[Changed], changed: Sequence[Changed]) -> Iterator[Line]:
    yield Line(_("Changes that mean nothing"), spoken=True)
    for factor in dict.fromkeys(row.factor for row in controls):
        yield Line(called(factor), _by_reader(card, [row for row in controls if row.factor == factor]), spoken=True)
    for factor in dict.fromkeys(row.factor for row in changed):
        yield Line(called(factor), spoken=True)
        own = [row for row in changed if row.factor == factor]
        for level in dict.fromkeys(row.level for row in own):
            yield Line(level, _by_reader(card, [row for row in own if row.level == level]))


def _by_reader(card: Card, rows: Sequence[Changed]) -> tuple[Dot | None, ...]:
    found = {row.reader: Dot(row.flips.share, row.flips.low, row.flips.high, _clear(row)) for row in rows}
    return tuple(found.get(reader) for reader in card.readers)


def _share(share: Share) -> tuple[str, ...]:
    return f"{share.count:,}", f"{share.of:,}", f"{100 * share.low:.1f}", f"{100 * share.high:.1f}"


def _found(card: Card) -> dict[str, Any]:
    names = tuple(dict.fromkeys(row.detector for row in card.found))
    at_base = next(row for row in card.found if row.factor == BASE and row.detector == names[0])
    # Fewer pixels are left out: there faces come to be smaller than the smallest that it looks for.
    large = [row for row in card.found if row.detector == names[0] and row.factor != SMALLER]
    least = min(large, key=lambda row: row.found.share)
    sentence = _(
        "Set as “fer” sets it, the face detector found %(n)s of 100 faces from the front. Of faces of that size, it "
        "found %(least)s of 100 at its worst: %(what)s.",
        n=half_up(100 * at_base.found.share),
        least=half_up(100 * least.found.share),
        what=change(least.factor, least.level),
    )
    columns = [Column(_(DETECTORS[name]) if name in DETECTORS else name, name in DETECTORS) for name in names]
    return {
        "sentence": sentence,
        "drawn": dots(sentence, columns, list(_found_lines(card, names)), wide=190.0),
        "smallest": _(
            "“fer” looks for no face under %(least)s pixels, the kind setting for none under %(kind)s.",
            least=SETTINGS["fer"].least,
            kind=SETTINGS["kind"].least,
        ),
        "rows": [
            Row(
                (called(row.factor) if row.factor != BASE else _("nothing changed"), row.level, row.detector),
                _share(row.found),
            )
            for row in card.found
        ],
    }


def _found_lines(card: Card, names: Sequence[str]) -> Iterator[Line]:
    def line(name: str, rows: Sequence[Found], spoken: bool) -> Line:
        by = {row.detector: row for row in rows}
        return Line(name, tuple(_seen(by.get(one)) for one in names), spoken)

    for factor in dict.fromkeys(row.factor for row in card.found):
        own = [row for row in card.found if row.factor == factor]
        levels = list(dict.fromkeys(row.level for row in own))
        if factor == BASE:
            yield line(_("nothing changed"), own, spoken=True)
        elif levels == [""]:
            yield line(called(factor), own, spoken=True)
        else:
            yield Line(called(factor), spoken=True)
            for level in levels:
                yield line(level, [row for row in own if row.level == level], spoken=False)


def _seen(row: Found | None) -> Dot | None:
    if row is None:
        return None
    missed = row.missed_beyond is not None and row.missed_beyond.low > 0
    return Dot(row.found.share, row.found.low, row.found.high, missed)


def _neutral(card: Card) -> dict[str, Any]:
    found = tuple(
        rest.Called(one.reader, tuple(one.words[word].count if word in one.words else 0 for word in WORDS))
        for one in card.neutral
        if one.where == "all"
    )
    sentence = _(
        "%(what)s That is over this grid of changes: each face once as it is and once in each change.",
        what=rest.sentence(found),
    )
    return {"sentence": sentence, "drawn": rest.bars(found), "rows": found}


def _agreement(card: Card) -> dict[str, Any]:
    pairs = {one.readers: one.same for one in card.agreement if one.where == BASE}
    least, most = (pick(pairs.values(), key=lambda share: share.share) for pick in (min, max))
    sentence = _(
        "Two readers gave the same picture the same word in %(least)s to %(most)s of 100 cases, by which two they are.",
        least=half_up(100 * least.share),
        most=half_up(100 * most.share),
    )
    rows = [Row((one,), tuple(_same(pairs, one, other) for other in card.readers)) for one in card.readers]
    return {"sentence": sentence, "readers": card.readers, "rows": rows}


def _same(pairs: dict[tuple[str, str], Share], one: str, other: str) -> str:
    share = pairs.get((one, other)) or pairs.get((other, one))
    return "–" if share is None else f"{half_up(100 * share.share)}"


def _power(card: Card) -> str:
    differences = [one.difference for one in card.power.seen]
    return _(
        "Said before it was made: with %(heads)s heads and %(poses)s poses, it shows in %(power)s of 100 such cards "
        "that a change gives %(least)s to %(most)s of 100 faces more another word than a control does. Which of these, "
        "hangs on how much the control does and how alike the pictures of one head are. Less than that may be missed.",
        heads=card.power.heads,
        poses=card.power.poses,
        power=half_up(100 * card.power.power),
        least=half_up(100 * min(differences)),
        most=half_up(100 * max(differences)),
    )
