"""What was noticed while a table was counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from misread.audit.table.model import CountTable

if TYPE_CHECKING:
    from misread.audit.agreement.votes import VoteTable


@dataclass(frozen=True, slots=True)
class Facts:
    """Where counts come from, and what was missing.

    Attributes
    ----------
    source : str
        Name of the file, without its folders; or what kind of table it was.
    kind : str
        "parquet", "csv", "json lines", "arrow", "matrix", or the library of a dataframe.
    digest : str
        SHA-256 of all bytes of the file; empty for a dataframe.
    bytes : int or None
        Size of the file, or files.
    rows : int
        Rows read.
    columns : tuple of (str, str)
        Argument and the column that it named.
    missing_truth : int
        Rows whose truth is missing: counted, and in no rate.
    missing_answers : tuple of (str, int)
        How an answer was missing ("empty", or the word that means it), and in how many rows that have a truth.
        Empty where faces of one to four persons are left out, of which it would tell.
    persons : int or None
        Persons in rows with truth, rows that name nobody included; None where persons are not known.
    alone : int
        Rows that name no person, each taken as a person of its own.
    left_out : tuple of (str, int)
        Rows that stand in no count, and why: weight 0, no vote, a picture that came before.
    read_as : tuple of str
        How a file was read where that was found out: its encoding, what stands between cells.
    warnings : tuple of str
        What whoever reads the figures has to know, a sentence each.
    """

    source: str
    kind: str
    digest: str = ""
    bytes: int | None = None
    rows: int = 0
    columns: tuple[tuple[str, str], ...] = ()
    missing_truth: int = 0
    missing_answers: tuple[tuple[str, int], ...] = ()
    persons: int | None = None
    alone: int = 0
    left_out: tuple[tuple[str, int], ...] = ()
    read_as: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Counted:
    """Everything that one pass over a table leaves.

    Attributes
    ----------
    table : CountTable
        Truth × answer per stratum. Where only votes are known it has no expression, and all votes are `untold`.
    votes : VoteTable or None
        How often the same votes were given to a face.
    paired : tuple of (str, CountTable)
        By paired column: answer × answer under that condition; `none` is among both.
    facts : Facts
        Where it comes from, and what was missing.
    """

    table: CountTable
    votes: VoteTable | None = None
    paired: tuple[tuple[str, CountTable], ...] = ()
    facts: Facts = field(default_factory=lambda: Facts("", ""))
