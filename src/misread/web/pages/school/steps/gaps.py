"""What is missing: what was not told, in the order of what makes it owed; picked lines become questions of a letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from misread.language import gettext as _
from misread.language import mark, ngettext
from misread.rights.paper.write import paper_bytes
from misread.rights.places.entries.words import KINDS, day
from misread.rights.places.known import at
from misread.rights.record.fields import FIELDS
from misread.rights.record.gaps import ORDERS, Gaps, Line, Order, gaps
from misread.rights.record.model import STATUSES
from misread.rights.record.told.gaps import SAYS, TITLES, gaps_paper
from misread.rights.record.told.words import claim, quoted, source
from misread.web.pages.school.file import record_of
from misread.web.pages.school.kept import Given, Kept
from misread.web.pages.school.steps.place import known, placed, places
from misread.web.pages.school.steps.types import TYPES

FOLDED: frozenset[Order] = frozenset({"good_practice"})
"""What is told folded."""
NO_LETTER = mark("No letter carries a right to it here: it goes among what you would be grateful for.")
OWES: Mapping[str, str] = {
    "controller": mark("whoever decides about the data"),
    "deployer": mark("whoever uses the system"),
    "processor": mark("a firm that handles the data for them"),
    "provider": mark("the maker"),
}
"""Words of the law for who owes something, in plain ones."""
ANY_LETTER = mark("The law requires it to be told: any letter can ask for it.")


@dataclass(frozen=True)
class Shown:
    """One gap, in words."""

    field: str
    question: str
    said: str
    more: tuple[str, ...]
    picked: bool


Under = tuple[tuple[str, ...], tuple[Shown, ...]]
"""What the law says, and the gaps that it makes owed."""


def absorb(kept: Kept, given: Given) -> Kept:
    """What the form adds: which lines go into a letter, and the place."""
    kept = placed(kept, given)
    picked = tuple(id for id in FIELDS if id in given.all("pick"))
    return kept.model_copy(update={"picked": picked if given.has("picks") else kept.picked})


def told(kept: Kept, given: Given) -> dict[str, Any]:
    """What the template is given."""
    found = _gaps(kept, given)
    groups = [(order, found.of(order)) for order in ORDERS]
    return {
        "places": places(),
        "place": kept.place,
        "place_name": found.name,
        "headline": headline(found),
        "counts": tuple((n, _(STATUSES[status])) for status, n in found.counts.items() if n),
        "notices": found.notices,
        "groups": tuple(
            {
                "order": order,
                "title": _(TITLES[order]),
                "says": _(SAYS[order]),
                "folded": order in FOLDED and len(groups) > 1,
                "n": len(lines),
                "letters": tuple(_by_letter(lines, kept)),
            }
            for order, lines in groups
            if lines
        ),
        "contradictions": tuple(
            (one.question, tuple((source(e), quoted(e)) for e in one.evidence), one.note)
            for one in found.contradictions
        ),
        "picked": len(kept.picked),
    }


def taken(kept: Kept, given: Given, name: str, kind: str) -> tuple[bytes, str, str] | None:
    """The gap report as a paper."""
    if name != "gaps" or kind not in TYPES:
        return None
    paper = gaps_paper(_gaps(kept, given), record_of(kept, given.today))
    return paper_bytes(paper, f".{kind}"), TYPES[kind], f"gaps.{kind}"


def headline(found: Gaps) -> str:
    """How much is missing, in a sentence or two."""
    answered = len(FIELDS) - len(found.lines)
    first = ngettext("Of %(all)s questions, %(n)s has an answer.", "Of %(all)s questions, %(n)s have an answer.",
                     answered, all=len(FIELDS))  # fmt: skip
    law, asked = len(found.owed_by_law), len(found.owed_on_request)
    if law:
        request = ngettext("%(n)s to whoever asks", "%(n)s to whoever asks", asked)
        owed = ngettext("%(n)s is owed by law", "%(n)s are owed by law", law)
        return _("%(first)s Of the rest, %(owed)s and %(request)s.", first=first, owed=owed, request=request)
    if asked:
        more = ngettext("%(n)s is owed to whoever asks.", "%(n)s are owed to whoever asks.", asked)
        return f"{first} {more}"
    return first


def _gaps(kept: Kept, given: Given) -> Gaps:
    record = record_of(kept, given.today)
    law = at(kept.place, given.today) if kept.place else None
    return gaps(record, law, given.today, kept.system)


def _by_letter(lines: Sequence[Line], kept: Kept) -> Iterator[tuple[str, tuple[Under, ...]]]:
    """Gaps under the letter that asks them, and there under the law that requires them, each of which is said once."""
    for letter in dict.fromkeys(map(_letter, lines)):
        asked = [line for line in lines if _letter(line) == letter]
        laws = dict.fromkeys(map(_law, asked))
        yield letter, tuple((law, tuple(_shown(line, kept) for line in asked if _law(line) == law)) for law in laws)


def _law(line: Line) -> tuple[str, ...]:
    return tuple(
        _("%(where)s, %(since)s. Owed by: %(who)s. %(known)s",
          where=one.where, since=one.since, known=known(one.mark, one.confidence),
          who=", ".join(_(OWES.get(who, who)) for who in one.who))
        for one in line.laws
    )  # fmt: skip


def _shown(line: Line, kept: Kept) -> Shown:
    return Shown(
        field=line.field,
        question=line.question,
        said=_said(line),
        more=(*line.conditions, *_promises(line)),
        picked=line.field in kept.picked,
    )


def _said(line: Line) -> str:
    if line.status in ("partly", "unsourced"):
        return claim(line.answer)
    if line.status == "contradicted":
        return _("Told in two ways, which stand above.")
    if line.status == "never_asked":
        return ""
    return _("Not told to us: %(status)s.", status=_(STATUSES[line.status]))


def _letter(line: Line) -> str:
    if line.way is None:
        return _(ANY_LETTER if line.laws else NO_LETTER)
    said = _("A letter to %(what)s", what=_(KINDS[line.way.kind]))
    if line.way.availability == "doubtful":
        return _("%(said)s; whether there is a right to it is doubtful.", said=said)
    if line.due is None:
        return _("%(said)s; no day can be named.", said=said)
    return _("%(said)s: due by %(day)s, if it arrives today.", said=said, day=day(line.due))


def _promises(line: Line) -> Sequence[str]:
    return [_("%(title)s promises: %(quote)s", title=one.title, quote=quoted(one)) for one in line.promises]
