"""What the labels say: X03 which, X04 undisclosed ones, X05 what is missing, X14 changes of model."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from misread.language import gettext as _
from misread.language import ngettext
from misread.rights.check.dictionary.classify import UNKNOWN, named
from misread.rights.check.dictionary.entries import dictionary, fold, languages
from misread.rights.check.dictionary.series import Mask
from misread.rights.check.findings.contents import denied
from misread.rights.check.findings.seen.checks import MOST_ROWS, finding
from misread.rights.check.findings.seen.promised import words
from misread.rights.check.words import classes
from misread.rights.record.fields import FIELDS

if TYPE_CHECKING:
    from misread.rights.check.findings.seen.look import Look
    from misread.rights.check.findings.seen.parts import Part
    from misread.rights.check.findings.seen.streams import Stream
    from misread.rights.check.model import Finding, Json

ALIKE = 0.5
"""Two labels are alike in how common they are where the rarer one has at least this share of the other's."""


def counted(look: Look) -> Counter[str]:
    """How often each label occurs in all streams."""
    found: Counter[str] = Counter()
    for stream in look.streams:
        for word, n in zip(stream.words, stream.counts, strict=True):
            found[word] += int(n)
    return found


def class_of(look: Look) -> dict[str, str]:
    """The class of each label."""
    return {word: look.kind_of(word) for stream in look.streams for word in stream.words}


def x03(look: Look) -> Finding:
    """Which labels occur, how often, and of what class each is."""
    said = look.promise("output.labels")
    labels, kinds = counted(look), class_of(look)
    scales = [stream for stream in look.streams if stream.numeric]
    coded = [stream for stream in scales if stream.coded]
    spoilt = sum(stream.spoilt for stream in look.streams)
    if not labels and not scales:
        says = _("No column that the dictionary knows holds labels.")
        asks = ["answer:--column"] if look.asked else []
        return finding("X03", "cannot tell", says, {"labels": [], "scales": []}, said, asks)
    total = labels.total()
    listed: list[Json] = [
        {"label": word, "class": kinds[word], "count": n, "share": round(n / total, 4)}
        for word, n in sorted(labels.items(), key=lambda item: (-item[1], item[0]))
    ]
    saw: dict[str, Json] = {"labels": listed, "scales": [_scale(look, stream) for stream in scales]}
    saw["columns"] = [look.shown(column) for stream in look.streams for column in stream.columns]
    by_class: Counter[str] = Counter()
    for word, n in labels.items():
        by_class[kinds[word]] += n
    saw["classes"] = dict(sorted(by_class.items()))
    say = [
        ngettext("%(n)s kind of label", "%(n)s kinds of labels", len(labels))
        + ", "
        + _(
            "%(total)s in all, by class: %(c)s.",
            total=f"{total:,}",
            c=", ".join(f"{classes([k])} {n:,}" for k, n in sorted(by_class.items())),
        )
    ]
    if scales:
        say.append(_("Columns of numbers on a scale: %(n)s.", n=len(scales)))
    if spoilt:
        saw["columns_with_too_many_words"] = spoilt
        say.append(_("Columns with so many different words that they are no list of labels: %(n)s.", n=spoilt))
    if UNKNOWN in by_class:
        say.append(_("What the dictionary does not know, it asks."))
        return finding("X03", "cannot tell", " ".join(say), saw, said, ["answer:--word"])
    if not said.told:
        return finding("X03", said.silent, " ".join(say), saw, said, ["question:output.labels"])
    told = {look.kind_of(word) for word in words(said.value)} | _named(words(said.value))
    extra = sorted(set(by_class) - told - {"nothing"})
    if extra and any(map(look.unsettled, look.streams)):
        say.append(_("Some of them may be no labels: that waits for an answer of yours."))
        return finding("X03", "cannot tell", " ".join(say), saw, said, ["answer:--column", "answer:--word"])
    if extra and UNKNOWN not in told:
        say.append(_("Of no disclosed label is it said that it is of this kind: %(c)s.", c=classes(extra)))
        return finding("X03", "contradicts", " ".join(say), saw, said, ["question:output.labels"])
    if coded:
        say.append(_("Columns of labels that hold numbers in place of words: %(n)s.", n=len(coded)))
        return finding("X03", "cannot tell", " ".join(say), saw, said, ["question:output.labels"])
    if unsaid := sorted({stream.kind for stream in scales} - told):
        say.append(_("Scales of a kind that nobody disclosed: %(c)s.", c=classes(unsaid)))
        return finding("X03", "not mentioned", " ".join(say), saw, said, ["question:output.labels"])
    return finding("X03", "cannot tell" if extra else "matches", " ".join(say), saw, said)


def _named(disclosed: Iterable[str]) -> set[str]:
    """Classes of what was disclosed by the name of a column, such as a stress score."""
    known = dictionary()
    return {known.fields[id].kind for word in disclosed for id in named(word, known)}


def _scale(look: Look, stream: Stream) -> dict[str, Json]:
    values = stream.values[np.isfinite(stream.values)]
    low, high = (float(values.min()), float(values.max())) if values.size else (None, None)
    return look.shown(stream.columns[0]) | {"class": stream.kind, "count": len(stream), "low": low, "high": high}


def x04(look: Look) -> Finding:
    """Whether there are labels that nobody disclosed."""
    said = look.promise("output.labels")
    labels, kinds = counted(look), class_of(look)
    if not labels:
        return finding("X04", "cannot tell", _("There are no labels to look at."), {"not_disclosed": []}, said)
    disclosed = {fold(word): word for word in words(said.value)} if said.told else {}
    if not disclosed:
        return finding(
            "X04",
            said.silent,
            _("No list of labels was disclosed."),
            {"not_disclosed": []},
            said,
            ["question:output.labels"],
        )
    spoken = {word for word in labels if kinds[word] != "nothing"}
    extra = sorted((word for word in spoken if fold(word) not in disclosed), key=lambda word: (-labels[word], word))
    unseen = [word for key, word in disclosed.items() if key not in set(map(fold, labels))]
    forms = {word: form for word in extra for form in unseen if same_word(word, form)}
    extra = [word for word in extra if word not in forms]
    unseen = [word for word in unseen if word not in forms.values()]
    saw: dict[str, Json] = {"not_disclosed": [_undisclosed(look, word, labels, kinds) for word in extra]}
    saw["disclosed_and_never_seen"] = list(unseen)
    if not extra:
        if any(stream.coded for stream in look.streams):
            says = _("Every word was disclosed; what the numbers in place of words stand for, nobody can say.")
            return finding("X04", "cannot tell", says, saw, said, ["question:output.labels"])
        says = _("Every label that occurs was disclosed.")
        if forms:
            told = ", ".join(f"“{word}” – “{form}”" for word, form in forms.items())
            says = _("Every label that occurs was disclosed, some in another form: %(forms)s.", forms=told)
        return finding("X04", "matches", says, saw, said)
    if len(extra) == len(spoken) or _in_another_language(extra, unseen, spoken - set(extra)):
        says = _("The labels that occur are not those that were disclosed. They may be the same in another language.")
        return finding("X04", "cannot tell", says, saw, said, ["question:output.labels"])
    listed = ", ".join(f"“{w}” ({labels[w]:,}, {classes([kinds[w]])})" for w in extra)
    if all(kinds[word] == UNKNOWN for word in extra) or any(look.open_kinds(one.part) for one in look.streams):
        says = _(
            "Not on the list: %(labels)s. They may be no labels: that waits for an answer of yours.", labels=listed
        )
        return finding("X04", "cannot tell", says, saw, said, ["answer:--column", "answer:--word"])
    say = [_("Not disclosed: %(labels)s.", labels=listed)]
    taken_over = [one for word in extra for one in successions(look, word, set(disclosed))]
    for one in taken_over:
        say.append(
            _(
                "“%(new)s” begins where “%(old)s” ends: of 1,000 labels, %(before)s were “%(old)s” before and "
                "%(after)s are “%(new)s” after.",
                new=one.new,
                old=one.old,
                before=round(1000 * one.before),
                after=round(1000 * one.after),
            )
        )
    saw["taken_over"] = [one._asdict() for one in taken_over]
    if unseen:
        say.append(
            _("Disclosed, and nowhere in the file: %(labels)s.", labels=", ".join(f"“{word}”" for word in unseen))
        )
    return finding("X04", "contradicts", " ".join(say), saw, said, ["question:output.labels", "question:hist.changes"])


def same_word(one: str, other: str) -> bool:
    """Whether two words of a class are forms of one, such as "bored" and "boredom"; only words that are known.

    Parameters
    ----------
    one, other : str
        The words.
    """
    one, other = fold(one), fold(other)
    known, spoken = dictionary().values, languages()
    if " " in one + other or known.get(one) is None or known.get(one) != known.get(other):
        return False
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest = max(len(one), len(other)) - same
    # A prefix that many words have, such as the German ver-, makes none of them a form of another.
    alike = 4 <= same >= rest - 1 or (same >= 3 and (rest <= 2 or same == min(len(one), len(other))))
    return alike and bool(spoken[one] & spoken[other])


def _in_another_language(extra: Iterable[str], unseen: Iterable[str], common: Iterable[str]) -> bool:
    """Whether the words of the file are all of a language that those which were disclosed, and do not occur, are not.

    A word that is given another name in another language, among others that keep theirs, is not taken for that.
    """
    known = languages()
    here, there = [fold(word) for word in (*extra, *common)], [fold(word) for word in unseen]
    if not there or not all(word in known for word in (*here, *there)):
        return False
    shared = frozenset[str].intersection(*(known[word] for word in here))
    return bool(shared) and not any(shared & known[word] for word in there)


def _undisclosed(look: Look, word: str, labels: Counter[str], kinds: dict[str, str]) -> Json:
    rows: list[Json] = []
    for stream in look.streams:
        if word in stream.words:
            where = np.flatnonzero(stream.codes == stream.words.index(word))
            for i in where[: MOST_ROWS - len(rows)]:
                rows.append(look.shown(stream.columns[0]) | {"row": stream.part.row(int(stream.rows[i]))})
    return {"label": word, "class": kinds[word], "count": labels[word], "row_sample": rows}


class Succession(NamedTuple):
    """A label that begins where another ends, with the share of each while it was used."""

    new: str
    old: str
    before: float
    after: float


def successions(look: Look, word: str, disclosed: set[str]) -> Iterator[Succession]:
    """Disclosed labels that end where an undisclosed one begins, and were about as common."""
    for stream in look.streams:
        if word not in stream.words:
            continue
        new = np.flatnonzero(stream.codes == stream.words.index(word))
        for code, old in enumerate(stream.words):
            if fold(old) not in disclosed:
                continue
            was = np.flatnonzero(stream.codes == code)
            if was.size and was[-1] < new[0]:
                before, after = was.size / (was[-1] + 1), new.size / (len(stream) - new[0])
                if min(before, after) >= ALIKE * max(before, after):
                    yield Succession(word, old, round(before, 4), round(after, 4))


def x05(look: Look) -> Finding:
    """Whether data of a disclosed kind is missing."""
    said = look.promise("output.labels")
    if look.record is None:
        return finding(
            "X05", "cannot tell", _("Without a record there is nothing to compare with."), {"missing": []}, said
        )
    missing: list[str] = []
    there: list[str] = []
    silent: list[str] = []
    for field, kinds in _EXPECTED.items():
        promised = look.promise(field)
        if not promised.told or denied(promised.value):
            continue
        found = any(True for part in look.parts for _c in part.of(*kinds)) or (
            field == "output.labels" and bool(look.streams)
        )
        if not found and field == "output.live_recipients" and not _alerts(look):
            # Where there is no alert, nobody received one.
            silent.append(field)
            continue
        (there if found else missing).append(field)
    saw: dict[str, Json] = {"disclosed_and_there": list(there), "missing": list(missing)}
    if not missing and silent:
        saw["without_alerts"] = list(silent)
        says = _(
            "There is no alert in it, so that nothing shows who receives alerts. All else that was disclosed is there."
        )
        return finding("X05", "cannot tell", says, saw, look.promise(silent[0]), ["question:output.live_recipients"])
    if not missing and not there:
        return finding(
            "X05", "not mentioned", _("The record names no kind of data."), saw, said, ["question:output.labels"]
        )
    if not missing:
        return finding("X05", "matches", _("Every kind of data that was disclosed is there."), saw, said)
    says = _(
        "Disclosed, and nothing in the file is about it: %(asks)s", asks=" ".join(FIELDS[f].question for f in missing)
    )
    if look.asked:
        says += " " + _("It may be in a column that the dictionary does not know.")
        return finding("X05", "cannot tell", says, saw, look.promise(missing[0]), ["answer:--column"])
    asks = ["letter:internal-complaint", *(f"question:{field}" for field in missing)]
    return finding("X05", "contradicts", says, saw, look.promise(missing[0]), asks)


def _alerts(look: Look) -> bool:
    return any(True for part in look.parts for _column in part.having("alert", "message"))


_EXPECTED: dict[str, tuple[str, ...]] = {
    "output.labels": (
        "emotion",
        "affect-dimension",
        "engagement",
        "apparent-expression",
        "physical-state",
        "behaviour",
        "gaze",
    ),
    "output.live_recipients": ("recipient",),
    "input.joined_data": ("joined", "free-text"),
}
"""Fields of the record whose disclosure means that a column of such a class is kept."""


def x14(look: Look) -> Finding:
    """Whether the model changed, and the labels with it."""
    said = look.promise("hist.changes")
    versions: dict[str, int] = {}
    changes: list[Json] = []
    columns: list[Json] = []
    for part in look.parts:
        for column, cells in part.having("version"):
            columns.append(look.shown(column))
            for word, n in zip(cells.words(_MOST_VERSIONS), cells.counts, strict=False):
                versions[word] = versions.get(word, 0) + int(n)
            changes += _changes(look, part, cells.words(_MOST_VERSIONS), cells.codes)
    saw: dict[str, Json] = {"columns": columns, "versions": dict(versions), "changes": changes}
    if not columns:
        says = _("No column says which version read the face.")
        return finding("X14", "cannot tell", says, saw, said, ["question:sys.vendor", "question:hist.changes"])
    if len(versions) == 1:
        return finding("X14", "matches", _("One version only."), saw, said)
    says = _("%(n)s versions: %(v)s.", n=len(versions), v=", ".join(f"{v} ({n:,})" for v, n in versions.items()))
    drift = max(
        (float(c["drift"]) for c in changes if isinstance(c, dict) and isinstance(c["drift"], float)), default=None
    )
    if drift is not None:
        says += " " + _(
            "The labels on the two sides of a change differ in %(n)s of 1,000.",
            n=round(1000 * drift),
        )
    if not said.told:
        return finding("X14", said.silent, says, saw, said, ["question:hist.changes"])
    text = json.dumps(said.value, ensure_ascii=False)
    unsaid = [version for version in list(versions)[1:] if version not in text]
    if denied(said.value):
        return finding(
            "X14",
            "contradicts",
            says + " " + _("It was said that nothing changed."),
            saw,
            said,
            ["question:hist.changes"],
        )
    if unsaid:
        says += " " + _("Not mentioned: %(v)s.", v=", ".join(unsaid))
    return finding(
        "X14", "not mentioned" if unsaid else "matches", says, saw, said, ["question:hist.changes"] if unsaid else []
    )


_MOST_VERSIONS = 20


def _changes(look: Look, part: Part, versions: Sequence[str], codes: NDArray[np.int32]) -> Iterator[Json]:
    """Where one version follows another, and how far the labels of the two lie apart."""
    filled = np.flatnonzero((codes >= 0) & (codes < len(versions)))
    for at in np.flatnonzero(np.diff(codes[filled]))[:_MOST_VERSIONS]:
        before, after = filled[at], filled[at + 1]
        old, new = int(codes[before]), int(codes[after])
        drift = [
            _apart(stream, codes[stream.rows] == old, codes[stream.rows] == new)
            for stream in look.streams
            if stream.part is part and stream.words
        ]
        found = [one for one in drift if one is not None]
        yield {
            "from": versions[old],
            "to": versions[new],
            "sheet": part.sheet.name,
            "row": part.row(int(after)),
            "drift": round(max(found), 4) if found else None,
        }


def _apart(stream: Stream, before: Mask, after: Mask) -> float | None:
    """Half the sum of the differences between the shares of labels on two sides."""
    if not before.any() or not after.any():
        return None
    shares = [np.bincount(stream.codes[side], minlength=len(stream.words)) / side.sum() for side in (before, after)]
    return float(np.abs(shares[0] - shares[1]).sum() / 2)
