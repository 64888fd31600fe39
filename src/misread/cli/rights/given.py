"""What commands about rights are given: records, cases, facts of a family, replies, and what is said of the system."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from misread.cli.support.papers import private

if TYPE_CHECKING:
    from misread.rights.case.model import Case
    from misread.rights.letters.facts import Facts
    from misread.rights.places.entries.words import Fact
    from misread.rights.record.model import Record

LARGEST = 2_000_000
"""Bytes of a reply."""


def record_of(name: str) -> Record:
    """A worked record by its name, one from its file, or the one that a case holds.

    Parameters
    ----------
    name : str
        A name, such as "967-schools", or a file; a file of that name comes first.

    Raises
    ------
    MisreadError
        If there is none.
    """
    from misread.errors import MisreadError, Problem
    from misread.rights.case.model import is_case, read_case
    from misread.rights.record.worked import named

    if not is_case(Path(name)):
        return named(name)
    held = read_case(Path(name)).record
    if held is None:
        mend = f"put one into it: `misread rights case note {name} --record RECORD`."
        raise MisreadError(Problem("This case holds no record.", "a record, or a case with one.", mend, name))
    return held


def facts_of_file(file: Path) -> Facts:
    """What a person tells of themselves, the child and the school, from a TOML file.

    Parameters
    ----------
    file : Path
        The file, as `misread rights letter … --blank` prints it.

    Raises
    ------
    MisreadError
        With everything that is wrong in it.
    """
    from misread.deployment.text.source import read_document
    from misread.errors import MisreadError, Problem
    from misread.rights.letters.facts import read_facts

    if file.is_dir():
        expected = "a file of facts, as `misread rights letter … --blank` prints it."
        raise MisreadError(Problem("It is a folder.", expected, "name a file in it.", str(file), "--facts"))
    return read_facts(read_document(str(file)))


def case_of(file: Path, place: str, on: date) -> Case:
    """A case for a letter in a place.

    Parameters
    ----------
    file : Path
        Its file.
    place : str
        Where the letter goes.
    on : date
        The day.

    Raises
    ------
    MisreadError
        If it cannot be read, or is about another place.
    """
    from misread.rights.case.model import read_case

    case = read_case(file)
    refuse_elsewhere(case, place, on, str(file))
    return case


def refuse_elsewhere(case: Case, place: str, on: date, file: str) -> None:
    """Refuse a letter of another place: its law and its deadlines are not those of the case.

    Parameters
    ----------
    case : Case
        The case.
    place : str
        Where the letter goes.
    on : date
        The day.
    file : str
        What messages call the case.

    Raises
    ------
    MisreadError
        If it is another place.
    """
    from misread.errors import MisreadError, Problem
    from misread.rights import at

    # What is asked of a state is asked by the law of its country too.
    ours, theirs = ({one.id for one in at(id, on).places} for id in (case.place, place))
    if place not in ours and case.place not in theirs:
        what = f"The case is about `{case.place}`, and the letter goes to `{place}`."
        raise MisreadError(Problem(what, "both of one place.", "correct one of them.", file))


def letter_of(letter: str, kind: str | None, place: str) -> tuple[str, str, str]:
    """What a letter asks for, the id of its deadline, and the place it is for.

    Parameters
    ----------
    letter : str
        The id of a letter, or a name of your own.
    kind : str or None
        What it asks for, where it is your own.
    place : str
        The place of the case, which letters of your own are for.

    Raises
    ------
    MisreadError
        If it is not known what it asks for; a near miss is named.
    """
    from misread.deployment.text.source import near
    from misread.errors import MisreadError, Problem
    from misread.rights.case.modules import KINDS
    from misread.rights.letters.template import templates

    known = templates()
    if letter in known:
        head = known[letter].head
        return head.kind, head.deadline, head.place
    first = kind or letter.partition(".")[0]
    if first in KINDS:
        return first, "", place
    meant = near(letter, known)
    raise MisreadError(
        Problem(
            f"`{letter}` is no letter that is known here.",
            f"a letter such as access.eu.en, or one of your own with --kind: {', '.join(KINDS)}.",
            f"did you mean `{meant}`?" if meant else "name its kind.",
            key="--letter",
        )
    )


def received_text(source: str) -> str:
    """What was received; nothing of it is written anywhere.

    Parameters
    ----------
    source : str
        A text file, or "-" where it is pasted.

    Raises
    ------
    MisreadError
        If it is no text, cannot be read, or is far too long.
    """
    import sys

    from misread.errors import MisreadError, Problem

    expected = "a text file in UTF-8, or - to paste the text."
    name = "" if source == "-" else source
    try:
        if source == "-":
            content = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(source).open("rb") as file:
                content = file.read(LARGEST + 1)
    except OSError as error:
        what = f"The reply cannot be read: {error.strerror or error}."
        raise MisreadError(Problem(what, expected, "name another file.", name, "--text")) from error
    if len(content) > LARGEST:
        what = "The reply is far too long."
        raise MisreadError(Problem(what, expected, "give the part that answers.", name, "--text"))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = "The reply is no text in UTF-8."
        mend = "open it, copy the text, and paste it: --text -"
        raise MisreadError(Problem(what, expected, mend, name, "--text")) from error
    if "\0" in text or content.startswith((b"%PDF", b"PK")):
        mend = "open it, copy the text, and paste it: --text -"
        raise MisreadError(Problem("The reply is no plain text.", expected, mend, name, "--text"))
    return text


def of_the_system(*, emotion: bool, pupils: bool, identifies: bool) -> tuple[Fact, ...]:
    """What is said to be true of the system; what is not said stays open.

    Parameters
    ----------
    emotion, pupils, identifies : bool
        Whether it infers emotions, is about pupils, tells who somebody is.
    """
    said: tuple[tuple[Fact, bool], ...] = (
        ("output.emotion", emotion),
        ("subject.pupil", pupils),
        ("process.identifies_person", identifies),
    )
    return tuple(fact for fact, true in said if true)


def as_visible(record: Record) -> AbstractContextManager[None]:
    """Files made meanwhile can be read by their owner only, where the record that they tell of is private."""
    return private() if record.visibility == "private" else nullcontext()
