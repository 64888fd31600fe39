"""What is read from an export, and what is found in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    import pyarrow as pa

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
Verdict = Literal["matches", "contradicts", "not mentioned", "cannot tell"]
Format = Literal["csv", "json", "xlsx"]
NoteKind = Literal[
    # How it was read.
    "encoding",
    "delimiter",
    "blank",
    "ragged",
    "duplicate-column",
    "cut",
    "empty",
    # What lies beside the tables that one sees.
    "hidden-sheet",
    "hidden-column",
    "hidden-row",
    "comment",
    "formula",
    "defined-name",
    "property",
    "macro",
    "extra-file",
]
HIDDEN: frozenset[NoteKind] = frozenset(
    {
        "hidden-sheet",
        "hidden-column",
        "hidden-row",
        "comment",
        "formula",
        "defined-name",
        "property",
        "macro",
        "extra-file",
    }
)
"""Notes about parts that whoever opens the file does not see."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user said about how a file is to be read; what was not said is found out, or asked.

    Attributes
    ----------
    encoding : str
        Of text, such as ``cp1252``.
    delimiter : str
        What stands between the cells of a CSV file: one character.
    header : int or None
        The row that holds the names of the columns, counted from 1; 0 where none does.
    """

    encoding: str = ""
    delimiter: str = ""
    header: int | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a file that is not in its cells. It never holds what a cell says.

    Attributes
    ----------
    kind : str
        What kind of thing.
    text : str
        A sentence: what and where, and how many.
    sheet : str
        The table it is about; empty where it is about the whole file.
    row, column : int or None
        The first place, counted from 1 as the file's own programs count.
    count : int
        How many there are.
    """

    kind: NoteKind
    text: str
    sheet: str = ""
    row: int | None = None
    column: int | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of an export.

    Attributes
    ----------
    name : str
        What it is called; no other table of the export has the name.
    columns : pyarrow.Table
        All cells as text, each column a dictionary of strings; null where a cell is empty or not there. Names are
        unique.
    format : str
        What it was read from.
    where : str
        For messages: the file or member, and the sheet or the path in it.
    first : int
        The row of the first line of cells, counted as a spreadsheet or an editor counts.
    numbers : pyarrow.Array or None
        The row of each line of cells, where they do not simply follow one another.
    positions : tuple of int
        Which column of the file each one is, counted from 1; empty where they simply follow one another.
    """

    name: str
    columns: pa.Table
    format: Format
    where: str
    first: int = 1
    numbers: pa.Array | None = None
    positions: tuple[int, ...] = ()

    @property
    def rows(self) -> int:
        """How many lines of cells there are, the names of the columns apart."""
        return int(self.columns.num_rows)

    def row(self, index: int) -> int:
        """The number by which a user finds a line of cells that is counted from 0 here."""
        return self.first + index if self.numbers is None else int(self.numbers[index].as_py())

    def position(self, index: int) -> int:
        """The number, from 1, by which a user finds a column that is counted from 0 here."""
        return self.positions[index] if self.positions else index + 1


@dataclass(frozen=True, slots=True)
class Export:
    """What a school gave back, as tables of text.

    Attributes
    ----------
    name : str
        The file's name.
    tables : tuple of Sheet
        In the order of the file; none is empty of columns.
    notes : tuple of Note
        How it was read, and what lies beside the tables.
    """

    name: str
    tables: tuple[Sheet, ...]
    notes: tuple[Note, ...] = ()

    @property
    def rows(self) -> int:
        """Lines of cells in all tables."""
        return sum(table.rows for table in self.tables)


@dataclass(frozen=True, slots=True)
class Answers:
    """What the user said about the meaning of what was read.

    Attributes
    ----------
    dates : str
        The order of a date's parts: ``dmy`` or ``mdy``; empty where it was not said.
    columns : mapping of str to str
        The name of a column → its class.
    words : mapping of str to str
        A label → its class.
    pupil : str
        What the export calls the child of the family.
    on : date or None
        When the export came; None where it was not said. Ages are counted to that day, else to the last one in it.
    """

    dates: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    pupil: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Something that only the user can tell.

    Attributes
    ----------
    id : str
        By which the page knows it.
    asks : str
        The question.
    options : tuple of str
        What may be answered; empty where anything may.
    option : str
        How it is answered on the command line, such as ``--dates``.
    column, word : str
        What it is about.
    """

    id: str
    asks: str
    options: tuple[str, ...] = ()
    option: str = ""
    column: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of what was found; there is one for each check, whatever came of it.

    Attributes
    ----------
    code : str
        ``X01`` to ``X22``.
    asks : str
        What was looked at, as a question.
    verdict : str
        One of the four.
    field : str
        The field of the disclosure record it is held against; empty where there is none.
    saw : mapping
        What is in the file: counts, columns, rows.
    promised : mapping or None
        What was said, and where.
    says : str
        Both in one sentence or two.
    why : str
        Why it matters.
    cannot_tell : str
        What the file does not show.
    next : tuple of str
        What can be done: ``letter:…``, ``question:…``.
    """

    code: str
    asks: str
    verdict: Verdict
    field: str
    saw: Mapping[str, Json]
    promised: Mapping[str, Json] | None
    says: str
    why: str
    cannot_tell: str
    next: tuple[str, ...] = ()

    def json(self) -> dict[str, Any]:
        """The finding for a JSON document; its keys are those of the class."""
        from dataclasses import asdict

        return asdict(self)


@dataclass(frozen=True, slots=True)
class Checked:
    """All that was found.

    Attributes
    ----------
    headline : tuple of str
        The whole in a few sentences.
    findings : tuple of Finding
        One a check, in order.
    questions : tuple of Question
        What only the user can tell.
    notes : tuple of Note
        How the file was read.
    stop : bool
        Whether there is more in it than the family's own: then nothing else was looked at.
    """

    headline: tuple[str, ...]
    findings: tuple[Finding, ...]
    questions: tuple[Question, ...] = ()
    notes: tuple[Note, ...] = ()
    stop: bool = False
