"""What the figures rest on: parameters, the evidence they name, and how sure that evidence is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel

from misread.deployment.model import Deployment
from misread.deployment.origin import Path, parts_of, spell, value_text
from misread.language import gettext as _
from misread.language import mark
from misread.profile import Profile
from misread.report.words import listing
from misread.report.words.lookup import clean

EVIDENCE_ID = re.compile(r"(?<![A-Za-z0-9_])[A-Z]\d{2,3}[a-z]?(?![A-Za-z0-9_])")

STATUS = {
    "verified": mark("verified: the figure itself was seen in the source"),
    "secondary": mark("secondary: the figure was seen quoted elsewhere"),
    "rendered": mark("rendered: measured by this project on heads that it rendered itself"),
    "computed": mark("computed: counted again from the source’s own data"),
    "unverified": mark("unverified: the source was not seen"),
    "memory": mark("unverified: the source was not seen"),
    "unsourced": mark("unsourced: reported without saying where it comes from"),
}
"""What each status of the catalogue means, said wherever the figure is shown."""
WORDS = (
    mark("verified"), mark("secondary"), mark("rendered"), mark("computed"), mark("unverified"), mark("unsourced"),
)  # fmt: skip
"""The same in one word."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number or word of the deployment.

    Attributes
    ----------
    key : str
        Where it stands, such as ``pupil.mean_minutes.bored``.
    value : str
        What it says.
    note : str
        The author's comment beside it: evidence ids, or the word "assumption"; empty if there is none.
    changed_by : str
        Policy or option that changed it; empty if nothing did.
    """

    key: str
    value: str
    note: str = ""
    changed_by: str = ""


def parameters(deployment: Deployment) -> tuple[Parameter, ...]:
    """Every parameter of a deployment that was read from a file, defaults that the file leaves out included.

    Parameters
    ----------
    deployment : Deployment
        As `misread.load` returns it; one that was made in Python has no comments, and gives none.
    """
    if not deployment.origin.data:
        return ()
    written = (Parameter(w.key, w.value, w.comment, w.changed_by) for w in deployment.origin.parameters())
    return (*written, *_defaults(deployment, ()))


DEFAULT = mark("assumption: the default of misread; the file does not say")

SILENT = {"title", "opt_out", "opt_out_rank", "lost", "dilution", "levels", "display", "profile", "by", "from"}
"""Keys whose default says that there is no such thing, or only names something."""


def _defaults(table: BaseModel, path: Path) -> Iterator[Parameter]:
    judged_at_end = str(getattr(table, "flag", "")).startswith(("share", "top"))
    for name in type(table).model_fields:
        if name in SILENT or (judged_at_end and name in ("after_flag", "true_if")):
            continue
        value, here = getattr(table, name), (*path, name)
        if isinstance(value, BaseModel):
            yield from _defaults(value, here)
        elif isinstance(value, tuple) and any(isinstance(v, BaseModel) for v in value):
            for part, entry in zip(parts_of(here, value), value, strict=True):
                yield from _defaults(entry, (*here, part))
        elif name not in table.model_fields_set and value not in (None, (), {}):
            yield Parameter(spell(here), value_text(value), DEFAULT)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One published figure, as far as the catalogue knows it."""

    id: str
    short: str
    citation: str
    doi: str
    status: str
    quantity: str

    @property
    def href(self) -> str:
        """Address of the source, empty where it has no DOI."""
        return f"https://doi.org/{quote(self.doi, safe='/;().-_:')}" if self.doi else ""

    @property
    def meaning(self) -> str:
        """What the status means, in words."""
        return _(STATUS.get(self.status, self.status))

    @property
    def word(self) -> str:
        """The status in one word."""
        return _(self.standing)

    @property
    def standing(self) -> str:
        """One of `WORDS`, for code; the catalogue's own word where it knows another."""
        return STATUS.get(self.status, self.status).partition(":")[0]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a parameter comes from.

    Attributes
    ----------
    evidence : tuple of Evidence
        Published figures its comment names.
    assumption : bool
        Whether the comment calls it an assumption.
    note : str
        The comment.
    """

    evidence: tuple[Evidence, ...]
    assumption: bool
    note: str

    @property
    def checked(self) -> bool:
        """Whether some published figure that it names was seen, there or quoted elsewhere."""
        return any(e.standing in ("verified", "secondary", "computed") for e in self.evidence)

    @property
    def rendered(self) -> bool:
        """Whether some figure that it names was measured by this project on rendered heads."""
        return any(e.standing == "rendered" for e in self.evidence)


class Library:
    """The evidence that a run names.

    Parameters
    ----------
    entries : mapping
        Evidence id → entry of the catalogue.
    """

    def __init__(self, entries: Mapping[str, Any]) -> None:
        self.entries = entries
        self.used: dict[str, Evidence] = {}

    @classmethod
    def load(cls) -> Library:
        """The catalogue that comes with misread."""
        from misread.evidence import catalogue

        return cls(catalogue())

    def look_up(self, text: str) -> tuple[Evidence, ...]:
        """The evidence whose ids stand in a text, remembered for the bibliography."""
        found = tuple(self._entry(id) for id in dict.fromkeys(EVIDENCE_ID.findall(text)))
        self.used.update((e.id, e) for e in found)
        return found

    def _entry(self, id: str) -> Evidence:
        entry = self.entries.get(id)
        if entry is None:
            return Evidence(id, id, _("Not in the catalogue that comes with this version."), "", "unverified", "")
        text = {k: clean(getattr(entry, k, None) or "") for k in ("short", "citation", "doi", "status", "quantity")}
        return Evidence(id=id, **{**text, "short": text["short"] or id})

    def source(self, note: str) -> Source:
        """What a comment says about where a parameter comes from."""
        note = clean(note)
        assumption = "assumption" in note.lower() or "assumed" in note.lower()
        return Source(self.look_up(note), assumption, _(note) if note == DEFAULT else note)

    def bibliography(self) -> tuple[Evidence, ...]:
        """Every entry looked up so far, in the order of ids."""
        return tuple(self.used[k] for k in sorted(self.used))


NAMES = {"title", "name", "states", "state", "labels", "label", "expressions", "expression", "claims", "display"}
NAMES |= {"profile", "from", "drop", "loss_to", "rule", "mark", "acts_on", "by", "reader"}
"""Last words of keys that only name something: nothing that could be measured."""


@dataclass(frozen=True, slots=True)
class Sourced:
    """A parameter with its source, cleaned for the page."""

    key: str
    value: str
    changed_by: str
    source: Source
    names: bool

    @property
    def kind(self) -> str:
        """A key of `KINDS`: what the parameter rests on."""
        if self.source.assumption:
            return "assumption"
        if self.source.evidence:
            return "evidence" if self.source.checked else "rendered" if self.source.rendered else "unchecked"
        if self.names:
            return "names"
        return "comment" if self.source.note else "none"


KINDS = {
    "assumption": mark("assumed"),
    "none": mark("assumed, since the file gives no source"),
    "unchecked": mark("as reported, with no source that could be checked"),
    "evidence": mark("from published figures"),
    "rendered": mark("from what this project measured on heads that it rendered itself"),
    "comment": mark("explained in the file, with no published figure"),
}
"""What a parameter rests on, in words; names of things are left out."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One part of the deployment and what it rests on.

    Attributes
    ----------
    id, title : str
        Anchor and name of the part, in English.
    parameters : tuple of Sourced
        Its parameters.
    evidence : tuple of Evidence
        Published figures it names.
    """

    id: str
    title: str
    parameters: tuple[Sourced, ...]
    evidence: tuple[Evidence, ...]

    @property
    def assumed(self) -> int:
        """How many of its parameters are assumptions."""
        return sum(p.kind in ("assumption", "none") for p in self.parameters)

    @property
    def words(self) -> str:
        """In words, how many of its parameters rest on what."""
        kinds = [p.kind for p in self.parameters]
        counted = [
            _("%(n)s %(how)s", n=f"{kinds.count(kind):,}", how=_(said)) for kind, said in KINDS.items() if kind in kinds
        ]
        return f"{listing(counted, 'and')}." if counted else _("Names only.")


PARTS = {
    mark("What children go through"): ("pupil", "situations", "ages"),
    mark("What their faces show"): ("display", "face", "feedback"),
    mark("How children differ"): ("traits",),
    mark("What is made of a face"): ("classifier",),
    mark("How often, and how well, faces are looked at"): ("camera",),
    mark("School and timetable"): ("population", "calendar"),
    mark("What counts as an alert"): ("rules",),
    mark("What is kept, and used"): ("file", "decisions"),
}
"""Parts of a deployment as a reader would name them → top-level tables of the file."""

FIRST = ("pupil", "camera", "calendar")
ALERTS = (*FIRST, "display", "classifier", "population", "rules", "situations", "ages", "face", "feedback", "traits")

RESTS_ON = {
    ("claimed_share", "lesson_prevalence"): (*FIRST, "rules", "population", "situations", "ages", "traits"),
    ("label_share",): tuple(t for t in ALERTS if t != "rules"),
    ("labels_archived", "observations"): ("population", "calendar", "camera"),
    ("p_mark", "flags_on_file_end", "decision"): (*ALERTS, "file", "decisions"),
}
"""Beginnings of ids → tables of the deployment their figures are computed from; all others: `ALERTS`."""


def carried(ids: Iterable[str], parts: Iterable[Ground]) -> tuple[Ground, ...]:
    """The parts with assumptions in them that some figures are computed from.

    Parameters
    ----------
    ids : iterable of str
        Finding ids.
    parts : iterable of Ground
        All parts of the deployment.
    """
    tables = {table for id in ids for table in _tables(id)}
    titles = {title for title, of in PARTS.items() if tables.intersection(of)}
    return tuple(p for p in parts if p.assumed and p.title in titles)


def _tables(id: str) -> tuple[str, ...]:
    return next((tables for starts, tables in RESTS_ON.items() if id.startswith(starts)), ALERTS)


def grounds(parameters: Iterable[Parameter], library: Library) -> tuple[Ground, ...]:
    """The deployment's parameters by part, each with what it rests on."""
    known = {table: title for title, tables in PARTS.items() for table in tables}
    parts: dict[str, list[Sourced]] = {title: [] for title in PARTS}
    for p in parameters:
        table, last = re.split(r"[.\[]", p.key, maxsplit=1)[0], p.key.rpartition(".")[2]
        word = p.value.startswith(('"', "["))
        names = word and (last in NAMES or ".expressions." in p.key or ".labels." in p.key)
        sourced = Sourced(clean(p.key), clean(p.value), clean(p.changed_by), library.source(p.note), names)
        if table != "title":
            parts.setdefault(known.get(table, mark("Further settings")), []).append(sourced)
    return tuple(_ground(i, t, tuple(rows)) for i, (t, rows) in enumerate(parts.items()) if rows)


def _ground(index: int, title: str, rows: tuple[Sourced, ...]) -> Ground:
    evidence = {e.id: e for row in rows for e in row.source.evidence}
    return Ground(f"part-{index}", title, rows, tuple(evidence[k] for k in sorted(evidence)))


@dataclass(frozen=True, slots=True)
class Matrix:
    """A profile as the page shows it."""

    id: str
    name: str
    source: str
    evidence: tuple[Evidence, ...]
    labels: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...], str], ...]
    """Expression, its row, and the independent units behind it."""


def matrices(profiles: Mapping[str, Profile], library: Library) -> tuple[Matrix, ...]:
    """The profiles as tables of P(label | expression)."""
    return tuple(_matrix(i, p, library) for i, p in enumerate(profiles.values()))


def _matrix(index: int, profile: Profile, library: Library) -> Matrix:
    rows = tuple(
        (clean(x), tuple(f"{p:.3f}" for p in profile.p[i]), _units(float(profile.n[i])))
        for i, x in enumerate(profile.expressions)
    )
    source = clean(profile.source) or _("no source given in the file")
    labels = tuple(map(clean, profile.labels))
    return Matrix(f"profile-{index}", clean(profile.name), source, library.look_up(source), labels, rows)


def _units(n: float) -> str:
    return f"{n:,.6g}" if n == n else _("not stated")


def changed(parameters: Sequence[Parameter]) -> tuple[str, ...]:
    """Names of the policies and options that changed something, in order."""
    return tuple(dict.fromkeys(clean(p.changed_by) for p in parameters if p.changed_by))
