"""What a record leaves open, in the order of what makes it owed. Silence is no breach: it says what was not told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from misread.evidence.entries.reference import Table
from misread.language import gettext as _
from misread.rights.places.deadlines.due import Circumstances
from misread.rights.places.entries.words import FACTS, Fact, Kind
from misread.rights.places.known import Law
from misread.rights.places.sheet import ALWAYS, sheet
from misread.rights.record.change import overdue
from misread.rights.record.fields import FIELDS, Field, Tier
from misread.rights.record.model import PROMISES, STATUSES, Answer, Dispute, Evidence, Record, SchoolKind, Status
from misread.rights.record.ways import Provision, Way, aptest, behind, conditions, ways

FORMAT = "misread-gaps/1"
Order = Literal["owed_by_law", "owed_on_request", "promised", "good_practice"]
ORDERS: tuple[Order, ...] = ("owed_by_law", "owed_on_request", "promised", "good_practice")
"""What makes an answer owed, the strongest first. Each gap stands in the first that holds."""


@dataclass(frozen=True)
class Line:
    """One gap.

    Attributes
    ----------
    order : str
        One of `ORDERS`: what makes it owed.
    field : str
        Id of the field.
    tier : {"card", "full"}
        Whether it is among those that can be read in a minute.
    question, ask : str
        The question, and the same as a sentence of a letter.
    status : str
        Its status on the day of the report: what is pending past its day is not answered.
    answer : Answer
        What is known: what was told in part, what is claimed.
    laws : tuple of Provision
        What requires it; empty where it is not owed by law.
    conditions : tuple of str
        What else would make it owed by law, if more were true or later.
    way : Way or None
        How to ask.
    promises : tuple of Evidence
        Where a contract, a notice or a policy speaks of it, quoted: whether that is a promise, the reader sees.
    asked_by : tuple of str
        Which catalogues of good practice ask the same.
    """

    order: Order
    field: str
    tier: Tier
    question: str
    ask: str
    status: Status
    answer: Answer
    laws: tuple[Provision, ...]
    conditions: tuple[str, ...]
    way: Way | None
    promises: tuple[Evidence, ...]
    asked_by: tuple[str, ...]

    @property
    def letter(self) -> Kind | None:
        """The kind of letter that asks it; None where there is none."""
        return self.way.kind if self.way else None

    @property
    def due(self) -> date | None:
        """The earliest day on which an answer to that letter is due."""
        return self.way.due if self.way else None

    @property
    def overdue(self) -> bool:
        """Whether it was asked, and the day on which an answer was due has passed."""
        return self.status == "no_answer"


@dataclass(frozen=True)
class Contradiction:
    """What was told in two ways, side by side."""

    field: str
    question: str
    evidence: tuple[Evidence, ...]
    note: str


@dataclass(frozen=True)
class Disputed:
    """An answer, and what somebody else says of it."""

    field: str
    question: str
    answer: Answer
    dispute: tuple[Dispute, ...]


@dataclass(frozen=True)
class Gaps:
    """What a record leaves open on a day.

    Attributes
    ----------
    title, place, name : str
        What the record is about, and the place with its name; empty where its law is not recorded.
    on : date
        The day.
    system : tuple of str
        What is taken to be true of the system, in words that complete "if …".
    notices : tuple of str
        What has to stand above everything else.
    safety : tuple of str
        What to read before writing to anybody.
    counts : mapping of str to int
        Status → how many of all fields have it.
    lines : tuple of Line
        All gaps: by what makes them owed, then what is overdue, then what belongs on a card.
    contradictions, disputes : tuple
        What was told in two ways; what somebody disputes.
    """

    title: str
    place: str
    name: str
    on: date
    system: tuple[str, ...]
    notices: tuple[str, ...]
    safety: tuple[str, ...]
    counts: Mapping[Status, int]
    lines: tuple[Line, ...]
    contradictions: tuple[Contradiction, ...]
    disputes: tuple[Disputed, ...]

    def of(self, order: Order) -> tuple[Line, ...]:
        """The gaps of one order."""
        return tuple(line for line in self.lines if line.order == order)

    @property
    def owed_by_law(self) -> tuple[Line, ...]:
        """What a provision requires that applies on that day."""
        return self.of("owed_by_law")

    @property
    def owed_on_request(self) -> tuple[Line, ...]:
        """What has to be told to whoever asks."""
        return self.of("owed_on_request")

    @property
    def promised(self) -> tuple[Line, ...]:
        """What a contract, a notice or a policy promises."""
        return self.of("promised")

    @property
    def good_practice(self) -> tuple[Line, ...]:
        """What standards and cards ask for."""
        return self.of("good_practice")

    @cached_property
    def law(self) -> tuple[Provision, ...]:
        """All provisions that stand behind a line, each once."""
        named = (one for line in self.lines for one in (*line.laws, *(line.way.grounds if line.way else ())))
        return tuple({one.id: one for one in named}.values())


def gaps(
    record: Record,
    law: Law | None,
    today: date,
    facts: Collection[Fact] = (),
    *,
    given: Circumstances | None = None,
) -> Gaps:
    """What a record leaves open, and what makes it owed.

    Parameters
    ----------
    record : Record
        The record.
    law : Law or None
        What is known of the law of its place on that day; None where it is not recorded.
    today : date
        The day: from it deadlines are counted and old checks told.
    facts : collection of str
        What is true of the system, beside that it is a camera that reads faces in a school. What is not in it is not
        known: it becomes a condition.
    given : Circumstances, optional
        Holidays, closed days and terms that move deadlines.
    """
    record = overdue(record, today)
    known = frozenset((*ALWAYS, *facts))
    found = ways(law, record.school_kind, today, given or Circumstances()) if law else ()
    open_ones = [(field, record.answer(id)) for id, field in FIELDS.items() if not record.answer(id).answered]
    lines = [_line(field, answer, law, today, known, record.school_kind, found) for field, answer in open_ones]
    lines.sort(key=lambda line: (ORDERS.index(line.order), not line.overdue, line.tier != "card"))
    statuses = [record.answer(id).status for id in FIELDS]
    return Gaps(
        title=record.title,
        place=law.place.id if law else "",
        name=law.place.name if law else "",
        on=today,
        system=tuple(_(FACTS[fact]) for fact in FACTS if fact in known),
        notices=tuple(_notices(law, today)),
        safety=sheet(law, facts, today).safety if law else (),
        counts={status: statuses.count(status) for status in STATUSES},
        lines=tuple(lines),
        contradictions=tuple(
            Contradiction(field.id, field.question, answer.evidence, answer.note)
            for field, answer in open_ones
            if answer.status == "contradicted"
        ),
        disputes=tuple(
            Disputed(id, field.question, record.answer(id), record.answer(id).dispute)
            for id, field in FIELDS.items()
            if record.answer(id).dispute
        ),
    )


def gaps_json(found: Gaps) -> dict[str, Any]:
    """The same as JSON: it feeds pages, papers and the questions of letters.

    Parameters
    ----------
    found : Gaps
        What a record leaves open.
    """
    law = {one.id: {key: _plain(value) for key, value in vars(one).items()} for one in found.law}
    return {"format": FORMAT, "fields": len(FIELDS), **_plain(found), "law": law}


def _plain(value: Any) -> Any:
    """As JSON has it: days as texts, tuples as lists; of a provision its id, under which it stands once."""
    match value:
        case Provision():
            return value.id
        case Table():
            return value.model_dump(mode="json", exclude_defaults=True)
        case date():
            return str(value)
        case Mapping():
            return {key: _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case _ if is_dataclass(value):
            return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            return value


def _notices(law: Law | None, today: date) -> Iterator[str]:
    yield _("What was not told to us is called a gap. It does not say that anybody did wrong: nobody may have asked.")
    yield _("This is no legal advice. It is what was found out, with how it is known beside it.")
    if law is None:
        yield _("The law of this place is not recorded here: nothing below says what is owed by law or on request.")
    else:
        yield from law.banners(today)


def _line(
    field: Field,
    answer: Answer,
    law: Law | None,
    today: date,
    facts: frozenset[Fact],
    kind: SchoolKind,
    among: Sequence[Way],
) -> Line:
    named = [one for one in law.provisions if one.entry.id in field.provisions] if law else []
    requires = [one for one in named if one.entry.effect == "requires" and one.entry.retired is None]
    requires = [one for one in requires if one.state != "over" and not facts & set(one.entry.facts_none)]
    bound = [(one, tuple(conditions(one, facts, kind))) for one in requires]
    laws = tuple(behind(one, today) for one, needs in bound if not needs)
    way = aptest(field, among)
    promises = tuple(one for one in answer.evidence if one.kind in PROMISES and one.quote)
    holds: Mapping[Order, object] = {
        "owed_by_law": laws,
        "owed_on_request": way is not None and way.availability == "in-force",
        "promised": promises,
        "good_practice": True,
    }
    return Line(
        order=next(order for order in ORDERS if holds[order]),
        field=field.id,
        tier=field.tier,
        question=field.question,
        ask=field.ask,
        status=answer.status,
        answer=answer,
        laws=laws,
        conditions=tuple(
            _("By %(where)s it is required if %(needs)s.", where=one.entry.pinpoint, needs=_("; and if ").join(needs))
            for one, needs in bound
            if needs
        ),
        way=way,
        promises=promises,
        asked_by=tuple(_asked_by(field)),
    )


def _asked_by(field: Field) -> Iterator[str]:
    """Catalogues of good practice that ask the same; where none does, the laws of other places that do."""
    practice = (
        (_("transparency record of the United Kingdom: %(names)s"), field.atrs),
        (_("model card: %(names)s"), field.card),
        (_("contracts in the United States: %(names)s"), field.us),
    )
    found = [said % {"names": ", ".join(names)} for said, names in practice if names]
    laws = ((_("GDPR, Art. %(names)s"), field.gdpr), (_("AI Act, Art. %(names)s"), field.aia))
    yield from found or [said % {"names": ", ".join(names)} for said, names in laws if names]
