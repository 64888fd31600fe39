"""What a disclosure record is made of: a head, an answer for each field, and the history that led to them.

The descriptions of the fields are what a message about a malformed file says was expected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import AfterValidator, Field, JsonValue, WithJsonSchema, model_validator

from misread.evidence.entries.reference import Some, Table, Text, many
from misread.language import mark
from misread.rights.record.fields import FIELDS, field

FORMAT: Literal["misread-record/1"] = "misread-record/1"

Status = Literal[
    "disclosed",
    "partly",
    "contradicted",
    "refused",
    "no_answer",
    "pending",
    "never_asked",
    "unsourced",
    "not_applicable",
]
STATUSES: Mapping[Status, str] = MappingProxyType(
    {
        "disclosed": mark("told"),
        "partly": mark("told in part"),
        "contradicted": mark("told in two ways that do not go together"),
        "refused": mark("asked, and refused"),
        "no_answer": mark("asked, and nobody answered in time"),
        "pending": mark("asked, and there is still time to answer"),
        "never_asked": mark("never asked"),
        "unsourced": mark("said in circulation, and nobody has shown it"),
        "not_applicable": mark("does not apply"),
    }
)
"""What each status means."""

EvidenceKind = Literal[
    "notice",
    "contract",
    "policy",
    "assessment",
    "register",
    "minutes",
    "reply",
    "export",
    "vendor-page",
    "sign",
    "conversation",
    "observation",
    "study",
    "press",
    "marketing",
    "hearsay",
    "other",
]
EVIDENCE: Mapping[EvidenceKind, str] = MappingProxyType(
    {
        "notice": mark("a notice to families, such as a privacy notice"),
        "contract": mark("a contract, or an agreement about data"),
        "policy": mark("a policy or a rule of the school"),
        "assessment": mark("an impact assessment"),
        "register": mark("a public register"),
        "minutes": mark("minutes of a meeting"),
        "reply": mark("the reply to a letter"),
        "export": mark("the data that the school gave back"),
        "vendor-page": mark("a page or a brochure of the vendor"),
        "sign": mark("a sign in the building"),
        "conversation": mark("what somebody said aloud"),
        "observation": mark("what somebody saw"),
        "study": mark("the report of a test or a study"),
        "press": mark("a report in the press"),
        "marketing": mark("advertising"),
        "hearsay": mark("hearsay"),
        "other": mark("something else"),
    }
)
"""What each kind of evidence is."""

CIRCULATION: frozenset[EvidenceKind] = frozenset({"press", "marketing", "hearsay"})
"""Kinds that show that something is said, and not that it is so."""
PROMISES: frozenset[EvidenceKind] = frozenset({"contract", "notice", "policy"})
"""Kinds in which whoever runs the system binds itself."""

SchoolKind = Literal["public", "private", "church", "university", "unknown"]
Role = Literal["parent", "pupil", "educator", "board", "dpo", "school", "researcher", "reporter", "other"]
Came = Literal["none", "partly", "full", "refused"]
DEEPEST, LONGEST = 8, 20_000
"""Levels of lists and tables in a value, and characters that it may have as JSON."""


def _readable(value: JsonValue) -> JsonValue:
    """A value that can be shown whole: no control characters, neither deep nor long."""
    if (size := sum(_sizes(value, DEEPEST))) > LONGEST:
        raise ValueError(f"it has {size:,} characters, more than {LONGEST:,}")
    return value


def _sizes(value: JsonValue, deeper: int) -> Iterator[int]:
    if not deeper:
        raise ValueError(f"it is nested more than {DEEPEST} deep")
    if isinstance(value, str):
        if not value.isprintable():
            raise ValueError("it holds control characters or line breaks")
        yield len(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _sizes(key, deeper)
            yield from _sizes(inner, deeper - 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _sizes(inner, deeper - 1)
    else:
        yield len(str(value))


def _known(id: str) -> str:
    if id not in FIELDS:
        raise ValueError(f"`{id}` is no field of a record")
    return id


Value = Annotated[JsonValue, AfterValidator(_readable)]
FieldId = Annotated[str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": list(FIELDS)})]


class Evidence(Table):
    """What an answer rests on. The thing itself stays where it is: here is its name, its digest and what it says."""

    kind: Annotated[EvidenceKind, Field(description=f"one of {', '.join(get_args(EvidenceKind))}")]
    title: Annotated[Some, Field(description='what it is, such as "Privacy notice, p. 4"')]
    retrieved: Annotated[date | None, Field(description="a date: when it was seen")] = None
    sha256: Annotated[
        str, Field(pattern=r"^([0-9a-f]{64})?$", description="the digest of the file, as 64 hexadecimal digits")
    ] = ""
    quote: Annotated[Text, Field(description="what it says, word for word")] = ""


class Asked(Table):
    """That it was asked for, and what came."""

    letter: Annotated[Some, Field(description='which letter, such as "access.eu.en", or how it was asked')]
    on: Annotated[date, Field(description="a date: when it was asked")]
    answer: Annotated[Came, Field(description="one of none, partly, full, refused: what came so far")] = "none"
    due: Annotated[date | None, Field(description="a date: by when an answer is due, where there is one")] = None


class Dispute(Table):
    """What somebody else says about an answer; it is shown beside it."""

    by: Annotated[Some, Field(description='who, such as "school" or "vendor"')]
    on: Annotated[date, Field(description="a date: when it was said")]
    says: Annotated[Some, Field(description="what they say, word for word")]


class Answer(Table):
    """What is known about one field."""

    status: Annotated[Status, Field(description=f"one of {', '.join(get_args(Status))}")]
    value: Annotated[Value, Field(description="what is answered: a text, a number, a list or a table")] = None
    as_of: Annotated[date | None, Field(description="a date: the day of which it speaks")] = None
    said_by: Annotated[Text, Field(description='who said it, such as "school" or "vendor"')] = ""
    evidence: Annotated[tuple[Evidence, ...], many("evidence")] = ()
    asked: Annotated[tuple[Asked, ...], many("times it was asked for")] = ()
    dispute: Annotated[tuple[Dispute, ...], many("disputes")] = ()
    note: Annotated[Text, Field(description="a sentence or two")] = ""

    @model_validator(mode="after")
    def _holds(self) -> Self:
        if wrong := lacking(self):
            raise ValueError(wrong)
        return self

    @property
    def answered(self) -> bool:
        """Whether nothing is left to ask: it was told, or does not apply."""
        return self.status in ("disclosed", "not_applicable")

    @property
    def open(self) -> tuple[Asked, ...]:
        """The times it was asked for to which nothing came."""
        return tuple(asked for asked in self.asked if asked.answer == "none")

    @property
    def due(self) -> date | None:
        """By when something has to come: the last of the days that are set; None where none is, or nothing is open."""
        return max((asked.due for asked in self.open if asked.due is not None), default=None)


def lacking(answer: Answer) -> str:
    """What an answer lacks that its status needs; empty where nothing does.

    Parameters
    ----------
    answer : Answer
        The answer.
    """
    told = answer.value not in (None, "", [], {}) or any(evidence.quote for evidence in answer.evidence)
    firm = [evidence.kind for evidence in answer.evidence if evidence.kind not in CIRCULATION]
    match answer.status:
        case "disclosed" | "partly" if not told:
            return "it is told, and neither a value nor a quotation says what"
        case "disclosed" | "partly" if not firm and not answer.said_by:
            return "it is told, and neither evidence nor `said_by` says by whom; what is only rumoured is `unsourced`"
        case "contradicted" if len(set(map(_identity, answer.evidence))) < 2:
            return "it is contradicted, which needs two pieces of evidence that do not go together"
        case "refused" if not answer.asked:
            return "it is refused, which needs an `asked` entry: when, and in which letter"
        case "no_answer" | "pending" if not answer.open:
            return f"it is {answer.status}, which needs an `asked` entry to which nothing came"
        case "not_applicable" if not answer.note:
            return "it does not apply, which needs a reason in `note`"
        case "unsourced" if not told:
            return "it is unsourced, and neither a value nor a quotation says what is claimed"
        case "unsourced" if firm:
            kinds = ", ".join(firm)
            return f"it is unsourced, but its evidence is more than rumour ({kinds}): call it disclosed or partly"
        case "never_asked" if answer.asked:
            return "it is never_asked, and an `asked` entry says that it was asked"
        case "never_asked" if answer.value is not None:
            return "it is never_asked, and has a value: call it disclosed, partly or unsourced"
        case _:
            return ""


def _identity(evidence: Evidence) -> tuple[str, ...]:
    return evidence.kind, evidence.title, evidence.quote, evidence.sha256


BLANK = Answer(status="never_asked")
"""The answer to a field that nobody has touched."""


class Change(Table):
    """One change of one answer. Changes are added, never altered."""

    on: Annotated[date, Field(description="a date: when it was changed")]
    field: Annotated[FieldId, Field(description='the id of a field, such as "ret.labels"')]
    before: Annotated[Answer | None, Field(description="the answer before; none where there was none")] = None
    after: Annotated[Answer, Field(description="the answer after")]
    why: Annotated[Some, Field(description="why it was changed")]
    undoes: Annotated[bool, Field(description="true where it takes the change before it back")] = False


class Record(Table):
    """The disclosure record of one system in use."""

    format: Annotated[Literal["misread-record/1"], Field(description=f'"{FORMAT}"')] = FORMAT
    title: Annotated[Some, Field(description="what the record is about")]
    about: Annotated[Text, Field(description="a sentence or two that stand first when it is told")] = ""
    place: Annotated[
        str,
        Field(
            pattern=r"^([a-z]{2}(-[a-z]{2,3})?)?$",
            description='a place such as "eu" or "us-il"; "" where its law is not recorded',
        ),
    ] = ""
    school_kind: Annotated[SchoolKind, Field(description=f"one of {', '.join(get_args(SchoolKind))}")] = "unknown"
    created_by_role: Annotated[Role, Field(description=f"one of {', '.join(get_args(Role))}")] = "other"
    language: Annotated[
        str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", description='a language such as "en" or "pt-BR"')
    ] = "en"
    visibility: Annotated[Literal["private", "public"], Field(description='"private" or "public"')] = "private"
    begun: Annotated[date, Field(description="a date: when the record was begun")]
    answers: Annotated[dict[FieldId, Answer], Field(description="a table: the id of a field, and its answer")] = Field(
        default_factory=dict
    )
    history: Annotated[tuple[Change, ...], many("changes")] = ()

    @model_validator(mode="after")
    def _replays(self) -> Self:
        told = replay(self.history)
        for id in {**told, **self.answers}:
            if told.get(id) != self.answers.get(id):
                raise ValueError(f"the history does not lead to the answer of `{id}` that stands here")
        return self

    def answer(self, id: str) -> Answer:
        """The answer of a field; that of a field nobody has touched is `never_asked`.

        Parameters
        ----------
        id : str
            Id of a field.

        Raises
        ------
        MisreadError
            If there is no such field; a near miss is named.
        """
        return self.answers.get(field(id).id, BLANK)


def replay(history: tuple[Change, ...]) -> dict[str, Answer]:
    """The answers that a history leads to.

    Parameters
    ----------
    history : tuple of Change
        In the order in which they were made.

    Raises
    ------
    ValueError
        If a change does not follow from those before it.
    """
    answers: dict[str, Answer] = {}
    past: dict[str, list[Answer | None]] = {}
    for number, change in enumerate(history):
        before = answers.get(change.field)
        if change.before != before:
            raise ValueError(f"change {number} of the history starts from another answer than the one before it left")
        if wrong := unfollowed(change, past.setdefault(change.field, [])):
            raise ValueError(f"change {number} of the history cannot be: {wrong}")
        if change.undoes:
            past[change.field].pop()
        else:
            past[change.field].append(before)
        answers[change.field] = change.after
    return answers


MAY: Mapping[Status, frozenset[Status]] = MappingProxyType(
    {
        "never_asked": frozenset(STATUSES),
        "unsourced": frozenset(STATUSES) - {"never_asked"},
        "pending": frozenset(STATUSES) - {"never_asked", "unsourced"},
        "no_answer": frozenset(STATUSES) - {"never_asked", "unsourced"},
        "refused": frozenset(STATUSES) - {"never_asked", "unsourced"},
        "partly": frozenset({"partly", "disclosed", "contradicted", "not_applicable"}),
        "disclosed": frozenset({"partly", "disclosed", "contradicted", "not_applicable"}),
        "contradicted": frozenset({"partly", "disclosed", "contradicted", "not_applicable"}),
        "not_applicable": frozenset(STATUSES) - {"never_asked"},
    }
)
"""Status → those that may follow it. What was told once stays told: a later refusal stands in its `asked` entry."""


def may(before: Status, after: Status) -> bool:
    """Whether a status may follow another."""
    return after in MAY[before]


def unfollowed(change: Change, past: list[Answer | None]) -> str:
    """Why a change cannot follow from the answer before it; empty where it can.

    Parameters
    ----------
    change : Change
        The change.
    past : list of (Answer or None)
        The answers that the field had before, those that were taken back left out, the latest last.
    """
    before, after = change.before or BLANK, change.after
    if change.undoes:
        return "" if past and after == (past[-1] or BLANK) else "it takes back what was not there"
    if not may(before.status, after.status):
        return f"{before.status} cannot become {after.status}"
    lists: tuple[tuple[str, tuple[Any, ...], tuple[Any, ...]], ...] = (
        ("evidence", before.evidence, after.evidence),
        ("asked", tuple((a.letter, a.on) for a in before.asked), tuple((a.letter, a.on) for a in after.asked)),
        ("dispute", before.dispute, after.dispute),
    )
    lost = [name for name, old, new in lists if new[: len(old)] != old]
    return f"what stood under `{lost[0]}` is not there any more" if lost else ""
