"""Sources of entries for reference managers: BibTeX and CSL-JSON, one record a source."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from misread.evidence.entries.model import Entry
from misread.evidence.entries.reference import Reference

UNTITLED = "[title not in the catalogue]"
"""Stands where a title belongs that nobody here has seen."""

_CSL = MappingProxyType(
    {
        "article": "article-journal",
        "conference": "paper-conference",
        "preprint": "article",
        "report": "report",
        "book": "book",
        "web": "webpage",
        "law": "legislation",
        "other": "document",
    }
)
_LATEX = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", **{c: f"\\{c}" for c in "&%$#_{}"},
}  # fmt: skip


@dataclass(frozen=True)
class Record:
    """One source, and the entries that rest on it.

    Attributes
    ----------
    key : str
        Its name in a bibliography; the same whatever else is chosen.
    entries : tuple of Entry
        The entries chosen that rest on it.
    """

    key: str
    entries: tuple[Entry, ...]

    @property
    def reference(self) -> Reference:
        """What of its citation is known piece by piece."""
        return self.entries[0].reference or Reference()

    @property
    def doi(self) -> str:
        """Its DOI, or nothing."""
        return self.entries[0].doi

    @property
    def title(self) -> str:
        """Its title; in square brackets, a description where the catalogue has none."""
        known = self.reference
        named = known.authors or known.organisation
        return known.title or (UNTITLED if named else f"[{self.entries[0].short}]")

    @property
    def year(self) -> int | None:
        """As stated; else that of its number at arXiv, which begins with year and month."""
        known = self.reference
        return known.year or (2000 + int(known.arxiv[:2]) if known.arxiv else None)

    @property
    def note(self) -> str:
        """The citation as the catalogue has it, and the entries with how sure each is."""
        entries = ", ".join(f"{entry.id} ({entry.status})" for entry in self.entries)
        return f"{self.entries[0].citation.rstrip('.')}. In the catalogue of misread: {entries}."


def records(entries: Iterable[Entry], known: Mapping[str, Entry]) -> tuple[Record, ...]:
    """One record for each source of some entries.

    Parameters
    ----------
    entries : iterable of Entry
        Those to cite. Those without a source are left out: see `uncitable`.
    known : mapping of str to Entry
        All entries there are: keys are told apart among these, so that a record keeps its key.

    Returns
    -------
    tuple of Record
        By key.
    """
    keys = _keys(known.values())
    found: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        if entry.citation:
            found.setdefault(_source(entry), []).append(entry)
    return tuple(sorted((Record(keys[at], tuple(some)) for at, some in found.items()), key=lambda r: r.key))


def uncitable(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries that have no source to cite."""
    return tuple(entry for entry in entries if not entry.citation)


def bibtex(some: Iterable[Record]) -> str:
    """Records as a BibTeX file in UTF-8, LaTeX's special characters escaped."""
    return "\n".join(map(_bibtex, some))


def csl(some: Iterable[Record]) -> list[dict[str, Any]]:
    """Records as CSL-JSON."""
    return [_csl(record) for record in some]


def _source(entry: Entry) -> tuple[str, str]:
    return entry.citation, entry.doi


def _keys(entries: Iterable[Entry]) -> dict[tuple[str, str], str]:
    """Source → its short name as a key; two of the same short name get the first of their ids too."""
    firsts = {_source(e): e for e in sorted(entries, key=lambda e: e.id, reverse=True) if e.citation}
    slugs = {at: _slug(e.short) or "source" for at, e in firsts.items()}
    plain = list(slugs.values())
    return {at: slug if plain.count(slug) == 1 else f"{slug}-{firsts[at].id.lower()}" for at, slug in slugs.items()}


def _slug(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.replace("'", "").replace("’", ""))
    return re.sub(r"[^a-z0-9]+", "-", letters.encode("ascii", "ignore").decode().lower()).strip("-")


def _bibtex(record: Record) -> str:
    known = record.reference
    authors = [_name(a) for a in known.authors] or [f"{{{_latex(o)}}}" for o in (known.organisation,) if o]
    kind, container = "misc", "howpublished"
    if known.container and authors and record.year:
        # Every field that these kinds require is known.
        kind, container = {
            "article": ("article", "journal"),
            "conference": ("inproceedings", "booktitle"),
        }.get(known.kind, (kind, container))
    fields = {
        "author": " and ".join([*authors, *(["others"] if known.others else [])]),
        "title": f"{{{_latex(record.title)}}}",
        container: _latex(known.container),
        "year": str(record.year or ""),
        "volume": _latex(known.volume),
        "number": _latex(known.issue),
        "pages": _latex(known.pages).replace("–", "--"),
        # A DOI and a number at arXiv are read as they stand.
        "doi": re.sub(r"[{}\\%]", lambda c: f"%{ord(c[0]):02X}", record.doi),
        "eprint": known.arxiv,
        "archiveprefix": "arXiv" if known.arxiv else "",
        "note": _latex(record.note),
    }
    lines = [f"  {name} = {{{text}}},\n" for name, text in fields.items() if text]
    return f"@{kind}{{{record.key},\n{''.join(lines)}}}\n"


def _name(author: str) -> str:
    family, comma, given = author.partition(", ")
    # Braces keep a family of two words together, and "and" from parting it.
    whole = _latex(family)
    if (" " in family and family[0].isupper() and not comma) or " and " in family:
        whole = f"{{{whole}}}"
    return f"{whole}{comma}{_latex(given)}"


def _latex(text: str) -> str:
    return "".join(_LATEX.get(c, c) for c in text)


def _csl(record: Record) -> dict[str, Any]:
    known = record.reference
    fields: dict[str, Any] = {
        "id": record.key,
        "type": _CSL[known.kind],
        "title": record.title,
        "author": _people(known),
        "issued": {"date-parts": [[record.year]]} if record.year else None,
        "container-title": known.container,
        "volume": known.volume,
        "issue": known.issue,
        "page": known.pages.replace("–", "-"),
        "DOI": record.doi,
        "number": f"arXiv:{known.arxiv}" if known.arxiv else "",
        "URL": f"https://arxiv.org/abs/{known.arxiv}" if known.arxiv else "",
        "note": record.note,
    }
    return {key: value for key, value in fields.items() if value}


def _people(known: Reference) -> Sequence[Mapping[str, str]]:
    people: list[Mapping[str, str]] = []
    for author in known.authors:
        family, _, given = author.partition(", ")
        people.append({"family": family, "given": given} if given else {"family": family})
    if known.organisation:
        people.append({"literal": known.organisation})
    # What citation processors turn into "et al.".
    return [*people, {"literal": "others"}] if known.others and people else people
