"""Which figures of the catalogue measure one thing, and rest on different people."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

from misread.errors import MisreadError, Problem
from misread.evidence.entries.model import STATUSES, Entry, Matrix, Quantity, Status
from misread.evidence.own import MARK, entry

_REF = re.compile(rf"(?P<entry>(?:.+{MARK})?[A-Z]\d{{2,3}}[a-z]?)(?::(?P<figure>.+))?")
_NEGATIVE = "anger+contempt+disgust+fear+sadness"
_EMOTIONS = ("anger", "contempt", "disgust", "fear", "happiness", "neutral", "sadness", "surprise")


@dataclass(frozen=True)
class Named:
    """A quantity that several studies of the catalogue measured.

    Attributes
    ----------
    quantity : str
        What is pooled.
    refs : tuple of str
        Where each study's figure stands, such as "M14:anger".
    differs : str
        How the studies differ.
    """

    quantity: str
    refs: tuple[str, ...]
    differs: str


def _with(ids: str, figure: str) -> tuple[str, ...]:
    return tuple(f"{id}:{figure}" for id in ids.split())


_PROGRAMS = (
    "M17 and M08 are FACET, which was right more often than AFFDEX, on two groups of adults: photographs of trained "
    "posers, and people who imitate a photograph. M10 is a network on web photographs like those it learned from. M14 "
    "and M15 are networks used unchanged on videos."
)
_PEOPLE = "M19: silent clips of actors, six words to choose from. M21: web photographs, ten words."
_CHILDREN = (
    "Posed photographs (A21), natural ones of 2 to 8 years (A22), of 10 to 17 and of 4 to 6 years (A23). No video: "
    "there accuracy is near chance (A24). How many children stand behind the photographs is not stated, so each "
    "photograph counts as one unit, and the intervals are too narrow."
)
_MODELS = ("EmoNet", "EmotiEffLib", "DDAMFN++", "OpenFace 3.0", "LibreFace")


def _named() -> dict[str, Named]:
    found = {}
    for label in _EMOTIONS:
        where = {"contempt": "M17 M08 M10", "neutral": "M17 M10 M14 M15"}.get(label, "M17 M08 M10 M14 M15")
        what = f"Faces shown or annotated as {label} that a program labels {label}"
        found[f"programs-{label}"] = Named(what, _with(where, label), _PROGRAMS)
    found["programs-neutral-as-anger"] = Named(
        "Neutral faces that a program labels anger", _with("M17 M10 M14 M15", "neutral:anger"), _PROGRAMS
    )
    found["programs-neutral-as-negative"] = Named(
        "Neutral faces to which a program gives a negative label",
        (*_with("M17 M10", f"neutral:{_NEGATIVE}"), *_with("M14 M15", f"neutral:{_NEGATIVE.replace('contempt+', '')}")),
        f"{_PROGRAMS} M14 and M15 have no label contempt.",
    )
    for label in ("anger", "disgust", "fear", "happiness", "neutral", "sadness"):
        what = f"Faces shown or taken as {label} that another person calls {label}"
        found[f"people-{label}"] = Named(what, _with("M19 M21", label), _PEOPLE)
    found["people-neutral-as-anger"] = Named(
        "Neutral faces that a person calls angry", _with("M19 M21", "neutral:anger"), _PEOPLE
    )
    for model in _MODELS:
        refs = (f"A21:{model}", f"A22:{model}", f"A23:{model}, NIMH-ChEFS", f"A23:{model}, ChildEFES")
        name = re.sub(r"[^a-z0-9]+", "-", model.lower()).strip("-")
        found[f"children-{name}"] = Named(f"Children's faces that {model} labels right", refs, _CHILDREN)
    found["annotators-agree"] = Named(
        "How often two people give a web photograph the same label",
        ("A14:pairs of taggers that agree", "A15"),
        "A14: FER-2013, ten labels. A15: AffectNet, from memory.",
    )
    return found


QUANTITIES: Mapping[str, Named] = MappingProxyType(_named())
"""Name → quantity that can be pooled."""

SAMPLES = (
    ("photographs of trained posers (ADFES, WSEFEP, RaFD)", "M01 M02 M03 M04 M16 M17 M18 A01 A04 A05 H02 H03 H04"),
    ("the 110 adults who imitate", "M05 M06 M07 M08 A02 A03"),
    ("the AffectNet validation set", "M09 M10 M11 A11 A38"),
    ("the Aff-Wild2 videos", "M12 M13 M14 A36"),
    ("the CREMA-D actors", "M19 M20 A16 A17 E07 E08 E09 H05 H06"),
    ("the FER-2013 photographs", "M21 A13 A14 A40"),
    ("the CAFE photographs", "A18 A22 A25 A39 E10"),
    ("the NIMH-ChEFS photographs", "A23 A26"),
    ("the DAiSEE videos", "A31 A32 A33 A34 A35"),
    ("the LIRIS-CSE videos", "A24 A27"),
    ("one class, observed", "B07 B08 B20"),
)
"""People or pictures that several entries rest on: their figures are no independent studies."""
SEVERAL = frozenset({"A23"})
"""Entries that hold figures of different people."""


@dataclass(frozen=True)
class Study:
    """One study's share.

    Attributes
    ----------
    ref : str
        Where it stands.
    id : str
        The entry.
    what : str
        What was counted, in words.
    share : float
        The share, 0 to 1.
    units : float
        Independent units behind it.
    assumed : bool
        Whether what was counted is taken as independent because nothing else is stated.
    status : str
        How sure it is.
    short, population : str
        The source in short, and who was looked at.
    """

    ref: str
    id: str
    what: str
    share: float
    units: float
    assumed: bool
    status: Status
    short: str
    population: str


def expand(words: Iterable[str]) -> tuple[str, ...]:
    """Named quantities as the figures they stand for; single figures as they are."""
    return tuple(ref for word in words for ref in (QUANTITIES[word].refs if word in QUANTITIES else (word,)))


def studies(refs: Sequence[str]) -> tuple[Study, ...]:
    """The studies behind some figures.

    Parameters
    ----------
    refs : sequence of str
        "M14:anger" (how much of the row anger got that label), "M14:neutral:anger+fear" (how much of the row
        neutral got one of these), "A21:EmoNet" (a figure by its name), "A15" (the only figure); an entry of
        one's own as "my-study.toml#X01:anger".

    Raises
    ------
    MisreadError
        If a figure is not there, is no share, or two of them rest on the same people or pictures.
    """
    problems: list[Problem] = []
    found: list[Study] = []
    for ref in refs:
        try:
            found.append(_study(ref))
        except MisreadError as error:
            problems += error.problems
    problems += _shared(found)
    if problems:
        raise MisreadError(problems)
    return tuple(found)


def weakest(some: Iterable[Study]) -> Status:
    """How sure figures are together: as the least sure of them."""
    return max((s.status for s in some), key=STATUSES.index)


def same_source(some: Sequence[Study]) -> tuple[tuple[Study, Study], ...]:
    """Pairs that come from one source, and of which nobody here has said that they rest on different people."""
    apart = [frozenset(named.refs) for named in QUANTITIES.values()]
    return tuple(
        (a, b)
        for a, b in combinations(some, 2)
        if a.short == b.short and not any({a.ref, b.ref} <= refs for refs in apart)
    )


def _shared(found: Sequence[Study]) -> Iterator[Problem]:
    for a, b in combinations(found, 2):
        sample = next((name for name, ids in SAMPLES if {a.id, b.id} <= set(ids.split())), "")
        if a.ref != b.ref and (a.id in SEVERAL if a.id == b.id else not sample):
            continue
        which = f": {sample}" if sample else ""
        what = f"{a.ref} and {b.ref} rest on the same people or pictures{which}."
        yield Problem(what, "studies of different people.", "take one out.", key=b.ref)


def _study(ref: str) -> Study:
    parts = _REF.fullmatch(ref)
    if parts is None:
        meant = difflib.get_close_matches(ref, QUANTITIES, n=1, cutoff=0.6)
        mend = f"did you mean `{meant[0]}`?" if meant else "see `misread evidence pool` for the quantities."
        raise _refused(ref, "It is neither a quantity nor a figure.", mend)
    try:
        source = entry(parts["entry"])
    except KeyError as error:
        raise _refused(ref, f"`{parts['entry']}` is no entry of the catalogue.", "see `misread evidence`.") from error
    what, share, units, status = (
        _cells(ref, source, parts["figure"]) if isinstance(source, Matrix) else _figure(ref, source, parts["figure"])
    )
    return Study(
        ref=ref,
        id=parts["entry"],
        what=what,
        share=share,
        units=float(units),
        assumed=source.units is None and not isinstance(source, Matrix),
        status=status,
        short=source.short,
        population=source.population,
    )


def _cells(ref: str, source: Matrix, written: str | None) -> tuple[str, float, float, Status]:
    row, _, labels = (written or "").partition(":")
    if row not in source.rows:
        mend = f"write {source.id}:ROW, a row being one of {', '.join(source.rows)}."
        raise _refused(ref, f"{source.id} has no row {row}".rstrip() + ".", mend)
    given = tuple(dict.fromkeys((labels or row).split("+")))
    if unknown := [label for label in given if label not in source.columns]:
        mend = f"write {source.id}:{row}:LABEL, or LABEL+LABEL, of {', '.join(source.columns)}."
        raise _refused(ref, f"{source.id} has no label {', '.join(unknown)}.", mend)
    cells = source.counts[row]
    share = math.fsum(cells[label] for label in given) / math.fsum(cells.values())
    return f"{row} labelled {' or '.join(given)}", min(1.0, share), source.row_units[row], source.status


def _figure(ref: str, source: Entry, name: str | None) -> tuple[str, float, float, Status]:
    figures = source.figures if isinstance(source, Quantity) else ()
    found = next((f for f in figures if f.name == (name or "")), None)
    if found is None:
        names = "; ".join(f.name for f in figures if f.name)
        mend = f"write {source.id}:NAME, one of {names}." if names else f"write {source.id} alone."
        raise _refused(ref, f"{source.id} has no figure {name or 'without a name'}.", mend)
    whole = {"1": 1.0, "%": 100.0}.get(found.unit)
    if whole is None or isinstance(found.value, str) or not 0 <= found.value <= whole:
        raise _refused(ref, "It is no share of anything that was counted.", "name a share or a percentage.")
    units = min((u for u in (source.units, found.n) if u is not None), default=None)
    if units is None:
        raise _refused(ref, "Nothing says how many it rests on.", "name a figure with an n.")
    share = found.hits / found.n if found.hits is not None and found.n else found.value / whole
    return found.name or source.quantity, share, units, found.status or source.status


def _refused(ref: str, what: str, mend: str) -> MisreadError:
    expected = "a figure such as M14:anger, M14:neutral:anger+fear or A22:EmoNet."
    return MisreadError(Problem(what, expected, mend, key=ref))
