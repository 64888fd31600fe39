"""What the file holds: X01 columns, X02 measures of the body, X13 who received it, X17 to X20 what lies beside."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from misread.language import gettext as _
from misread.language import ngettext
from misread.rights.check.dictionary.classify import UNKNOWN
from misread.rights.check.dictionary.entries import BIOMETRIC, dictionary, fold
from misread.rights.check.dictionary.shapes import addresses
from misread.rights.check.findings.seen.checks import finding, worst
from misread.rights.check.findings.seen.promised import Promise, length, words
from misread.rights.check.findings.seen.streams import MOST_CODES
from misread.rights.check.model import HIDDEN
from misread.rights.check.words import FIELDS as ABOUT
from misread.rights.check.words import classes

if TYPE_CHECKING:
    from misread.rights.check.dictionary.entries import Field
    from misread.rights.check.findings.seen.look import Look
    from misread.rights.check.model import Finding, Json, Verdict

MOST_RECIPIENTS = 40
"""Distinct recipients that are looked up; those that are rarer count as others."""


def x01(look: Look) -> Finding:
    """Which columns there are, and of what kind each is."""
    columns: list[Json] = []
    kinds: Counter[str] = Counter()
    told: set[str] = set()
    entries: dict[str, Field] = {}
    for part in look.parts:
        for column, cells in zip(part.columns, part.cells, strict=True):
            about = look.shown(column) | {
                "class": column.kind,
                "known_by": column.by,
                "filled": int(cells.filled.sum()),
            }
            entry = dictionary().fields.get(column.field)
            if column.candidates:
                about["may_be"] = list(column.candidates)
            if entry:
                entries[entry.id] = entry
            if entry and entry.record_field:
                about["field"] = entry.record_field
                if not column.empty and _mentioned(look, entry.record_field) is False:
                    told.add(entry.record_field)
            columns.append(about)
            kinds[column.kind] += 1
    unknown = len(look.asked)
    saw: dict[str, Json] = {"columns": columns, "classes": dict(sorted(kinds.items())), "unknown": unknown}
    saw["kinds"] = [
        {"class": entry.kind, "entry": entry.id, "why": entry.why, "cannot_tell": entry.cannot_tell}
        for entry in sorted(entries.values(), key=lambda entry: (entry.kind, entry.id))
    ]
    says = ngettext("%(n)s column", "%(n)s columns", len(columns)) + ": "
    says += ", ".join(f"{classes([kind])} {n}" for kind, n in sorted(kinds.items())) + "."
    asks = [f"question:{field}" for field in sorted(told)]
    if told:
        saw["fields_not_told"] = sorted(told)
        says += " " + _(
            "Some are about what nobody told you of: %(asks)s",
            asks=", ".join(_(ABOUT[id]) for id in sorted(told)) + ".",
        )
    if unknown:
        says += " " + _("What %(n)s of them hold, the dictionary does not know: it asks.", n=unknown)
        return finding("X01", "cannot tell", says, saw, next=["answer:--column", *asks])
    if look.record is None:
        return finding("X01", "cannot tell", says, saw)
    return finding("X01", "not mentioned" if told else "matches", says, saw, next=asks)


def _mentioned(look: Look, field: str) -> bool | None:
    """Whether the record has something on a field; None without a record."""
    return None if look.record is None else look.promise(field).told


def x02(look: Look) -> Finding:
    """Whether there are measures of the body."""
    columns: list[Json] = []
    kinds: set[str] = set()
    for part in look.parts:
        for column, cells in part.of(*BIOMETRIC):
            # A word for where a child looked is a label; its coordinates are a measure.
            if column.kind == "gaze" and column.by == "values":
                continue
            kinds.add(column.kind)
            columns.append(look.shown(column) | {"class": column.kind, "filled": int(cells.filled.sum())})
    said = look.promise("input.identification")
    if not columns:
        says = _("No column that the dictionary knows holds a measure of the body.")
        kept = [id for id in ("ret.templates", "ret.raw") if _promises(look.promise(id))]
        saw: dict[str, Json] = {"columns": []}
        if kept:
            saw["said_to_be_kept"] = list(kept)
            says += " " + _("It was said how long such measures are kept, so that there are some.")
            return finding("X02", "cannot tell", says, saw, look.promise(kept[0]), ["question:rights.access"])
        verdict: Verdict = "cannot tell" if look.asked else "matches"
        return finding("X02", verdict, says, saw, said, ["answer:--column"] if look.asked else [])
    saw = {"columns": columns, "classes": sorted(kinds)}
    says = _(
        "There are measures of the body: %(kinds)s, in %(n)s columns.", kinds=classes(sorted(kinds)), n=len(columns)
    )
    asks = ["letter:erasure", "question:input.identification", "question:ret.templates", "question:legal.special"]
    if not said.told:
        return finding("X02", said.silent, says, saw, said, asks)
    if denied(said.value):
        says += " " + _("It was said that there are none.")
        return finding("X02", "contradicts", says, saw, said, asks)
    text = fold(json.dumps(said.value, ensure_ascii=False))
    missing = [kind for kind in sorted(kinds) if not any(name in text for name in _NAMES[kind])]
    if missing:
        says += " " + _("What was said does not name: %(kinds)s.", kinds=classes(missing))
        return finding("X02", "not mentioned", says, saw, said, asks)
    return finding("X02", "matches", says, saw, said)


def _promises(said: Promise) -> bool:
    """Whether it was said that something is kept for a while, rather than not at all."""
    kept = length(said.value) if said.told and not denied(said.value) else None
    return kept is not None and kept[1] > 0


_NAMES = {
    "template": (
        "template",
        "embedding",
        "vector",
        "faceprint",
        "voiceprint",
        "biometric",
        "face recognition",
        "特征",
        "模板",
    ),
    "image": ("image", "picture", "photo", "crop", "video", "frame", "图", "照片"),
    "audio": ("audio", "sound", "voice", "speech", "音"),
    "gaze": ("gaze", "look", "eye", "视线", "注视"),
    "vital-sign": ("heart", "pulse", "vital", "temperature", "respiration", "心率", "体温"),
}
_NOTHING_OF_IT = re.compile(
    r"^(no|none|nothing|never|nobody|not used|not done|keine?|nein|aucune?|non|nenhum\w*|nao|无|没有|不|नहीं)\b",
    re.IGNORECASE,
)


def denied(value: Json) -> bool:
    """Whether it was said that there is nothing of the kind."""
    return value is False or value == [] or (isinstance(value, str) and bool(_NOTHING_OF_IT.match(fold(value))))


def x13(look: Look) -> Finding:
    """Who received something, and what points outside the school."""
    who: Counter[str] = Counter()
    columns: list[Json] = []
    outside: list[Json] = []
    for part in look.parts:
        for column, cells in part.having("recipient"):
            columns.append(look.shown(column))
            for word, n in zip(cells.words(MOST_RECIPIENTS), cells.counts, strict=False):
                for one in _each(word):
                    # Only roles are told: whoever is named in person stays unnamed.
                    who[dictionary().recipients.get(fold(one), "other")] += int(n)
            if cells.size > MOST_RECIPIENTS:
                who["other"] += int(cells.counts[MOST_RECIPIENTS:].sum())
        for column, cells in part.having("third-party"):
            outside.append(look.shown(column) | {"filled": int(cells.filled.sum()), "holds": _("an address or a key")})
        for column, cells in zip(part.columns, part.cells, strict=True):
            if column.role == "third-party" or column.kind in ("template", "image", "audio", "time", "identity"):
                continue
            for kind, mask in addresses(cells.distinct).items():
                outside.append(look.shown(column) | {"filled": int(cells.counts[mask].sum()), "holds": kind})
    saw: dict[str, Json] = {"recipients": dict(sorted(who.items())), "columns": columns, "outside": outside}
    if not who and not outside:
        says = _("No column says who received anything, and nothing points outside the school.")
        return finding(
            "X13", "cannot tell", says, saw, look.promise("share.third_parties"), ["question:share.third_parties"]
        )
    return _received(look, who, outside, saw)


def _received(look: Look, who: Counter[str], outside: Sequence[Json], saw: dict[str, Json]) -> Finding:
    live, third = look.promise("output.live_recipients"), look.promise("share.third_parties")
    say, verdicts = [], []
    asks = []
    if who:
        say.append(_("Told: %(who)s.", who=", ".join(f"{one} {n:,}" for one, n in sorted(who.items()))))
        verdict, extra = _against(who, live)
        verdicts.append(verdict)
        if extra:
            say.append(_("Not among those that were disclosed: %(who)s.", who=", ".join(extra)))
            saw["not_disclosed"] = list(extra)
            asks += ["question:output.live_recipients"]
    if outside:
        say.append(_("Columns that point outside the school: %(n)s. What they point to is not shown.", n=len(outside)))
        verdicts.append(
            "contradicts" if third.told and denied(third.value) else "matches" if third.told else third.silent
        )
        asks += ["question:share.third_parties", "question:share.processors"]
    return finding("X13", worst(verdicts), " ".join(say), saw, live if who else third, asks)


def _each(word: str) -> Iterator[str]:
    if word.startswith("["):
        try:
            listed = json.loads(word)
        except (ValueError, RecursionError):
            listed = [word]
        yield from (str(one) for one in listed)
    elif fold(word) in dictionary().recipients:
        yield word
    else:
        yield from filter(None, re.split(r"\s*[,;+|&、，]\s*|\s+(?:and|und|et|e)\s+", word))


def _against(who: Counter[str], said: Promise) -> tuple[Verdict, tuple[str, ...]]:
    if not said.told:
        return said.silent, ()
    known = {dictionary().recipients.get(fold(word), "") for word in words(said.value)}
    text = f" {fold(json.dumps(said.value, ensure_ascii=False))} "
    known |= {role for word, role in dictionary().recipients.items() if f" {word} " in text}
    extra = tuple(sorted(one for one in who if one not in known and one != "other"))
    if extra:
        return "contradicts", extra
    return ("not mentioned", ()) if who["other"] else ("matches", ())


def x17(look: Look) -> Finding:
    """Whether there is free text about the child."""
    columns: list[Json] = []
    notes = 0
    for part in look.parts:
        for column, cells in part.having("note", "message"):
            filled = int(cells.filled.sum())
            notes += filled
            columns.append(look.shown(column) | {"filled": filled, "different": cells.size})
    said = look.promise("input.joined_data")
    if not columns:
        verdict: Verdict = "cannot tell" if look.asked else "matches"
        return finding("X17", verdict, _("There is no column of free text."), {"columns": [], "texts": 0}, said)
    says = ngettext("%(n)s text stands in columns of free text.", "%(n)s texts stand in columns of free text.", notes)
    says += " " + _("They are counted, and neither read nor shown.")
    saw: dict[str, Json] = {"columns": columns, "texts": notes}
    if not said.told:
        return finding("X17", said.silent, says, saw, said, ["question:input.joined_data"])
    named = {fold(word) for word in words(said.value)}
    fits = any(re.search(r"note|comment|text|message|remark|bemerkung|评语|टिप्पणी", word) for word in named)
    return finding(
        "X17", "matches" if fits else "not mentioned", says, saw, said, [] if fits else ["question:input.joined_data"]
    )


def x18(look: Look) -> Finding:
    """Whether there is data from elsewhere that nobody mentioned."""
    said = look.promise("input.joined_data")
    columns: list[Json] = []
    unsaid: list[str] = []
    text = f" {fold(json.dumps(said.value, ensure_ascii=False))} "
    for part in look.parts:
        for column, cells in part.of("joined"):
            columns.append(look.shown(column) | {"filled": int(cells.filled.sum())})
            entry = dictionary().fields[column.field]
            mine = {fold(column.stem), *(w for w in fold(column.stem).split() if len(w) > 3), fold(entry.id)}
            if not any(f" {word}" in text for word in mine):
                unsaid.append(column.name)
    if not columns:
        verdict: Verdict = "cannot tell" if look.asked else "matches"
        says = _("No column that the dictionary knows holds data from elsewhere.")
        return finding("X18", verdict, says, {"columns": []}, said, ["answer:--column"] if look.asked else [])
    says = ngettext("%(n)s column holds data from elsewhere.", "%(n)s columns hold data from elsewhere.", len(columns))
    saw: dict[str, Json] = {"columns": columns}
    asks = ["question:input.joined_data", "question:legal.basis"]
    if not said.told:
        return finding("X18", said.silent, says, saw, said, asks)
    if denied(said.value):
        return finding("X18", "contradicts", says + " " + _("It was said that nothing is joined."), saw, said, asks)
    if unsaid:
        saw["not_disclosed"] = list(unsaid)
        says += " " + _("Not among what was disclosed: %(names)s.", names=", ".join(unsaid))
        return finding("X18", "contradicts", says, saw, said, asks)
    return finding("X18", "matches", says, saw, said)


def x19(look: Look) -> Finding:
    """Whether there are hidden parts."""
    hidden = [note for note in look.export.notes if note.kind in HIDDEN]
    if not hidden:
        return finding("X19", "matches", _("Nothing is hidden in it, as far as it was read."), {"hidden": []})
    kinds: Counter[str] = Counter()
    for note in hidden:
        kinds[note.kind] += note.count
    says = _(
        "It holds parts that are not seen at once: %(kinds)s.",
        kinds=", ".join(f"{kind} {n}" for kind, n in sorted(kinds.items())),
    )
    saw: dict[str, Json] = {
        "hidden": [
            {
                k: v
                for k, v in (
                    ("kind", n.kind),
                    ("says", n.text),
                    ("sheet", n.sheet),
                    ("row", n.row),
                    ("column", n.column),
                    ("count", n.count),
                )
                if v not in ("", None)
            }
            for n in hidden
        ]
    }
    return finding("X19", "not mentioned", says, saw, next=["question:rights.access"])


def x20(look: Look) -> Finding:
    """Which columns and words only their key explains."""
    codes: list[Json] = []
    explained = any(True for part in look.parts for _key in part.having("meaning"))
    for part in look.parts:
        for column, cells in part.having("code"):
            if cells.size <= MOST_CODES and not explained:
                codes.append(look.shown(column) | {"different": cells.size})
        open_kinds = {column for column, _word in look.unknown_kinds(part)}
        for column, cells in part.having("kind"):
            if column in open_kinds and not explained:
                codes.append(look.shown(column) | {"different": cells.size})
        codes += [look.shown(column) | {"different": cells.size} for column, cells in part.of(UNKNOWN)]
    for stream in look.streams:
        if stream.coded and not explained:
            different = int(np.unique(stream.values[np.isfinite(stream.values)]).size)
            codes += [look.shown(column) | {"different": different} for column in stream.columns]
    unknown = sorted({word for stream in look.streams for word in stream.words if look.kind_of(word) == UNKNOWN})
    saw: dict[str, Json] = {"columns": codes, "words": list(unknown), "key_in_file": explained}
    if not codes and not unknown:
        return finding("X20", "matches", _("Every column and every label has a name that the dictionary knows."), saw)
    says = _(
        "Columns that nothing in the file explains: %(c)s. Labels that no dictionary knows: %(w)s.",
        c=len(codes),
        w=len(unknown),
    )
    return finding(
        "X20",
        "not mentioned",
        says,
        saw,
        look.promise("output.labels"),
        ["question:output.labels", "answer:--column", "answer:--word"],
    )
