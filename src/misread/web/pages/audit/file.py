"""A file of answers, or a published table: what is asked about it, and what comes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from misread.audit.result import Audit
from misread.errors import MisreadError, Problem
from misread.evidence import Matrix, catalogue
from misread.language import gettext as _
from misread.report.words import upper_first
from misread.report.words.headlines import Headline
from misread.web.pages.audit.asked import (
    DUPLICATES,
    FURTHER,
    LABELS,
    Fields,
    Form,
    PageAsk,
    ask_of,
    command_of,
    placed,
    share_of,
)
from misread.web.pages.audit.held import MOST_COLUMNS, Column, Held, columns, counted, held
from misread.web.pages.audit.made import offered, packed
from misread.web.pages.audit.roles import ROLES, guesses

MOST_FILE = 128 * 2**20
"""Bytes of a file that is read here; what is larger is audited by the command."""
FIRST = "M17"
"""The example that is offered first."""
WORDS, LETTERS = 4, 24
"""Words of a column that are shown, and letters of each."""


@dataclass(frozen=True, slots=True)
class Row:
    """A column as the page asks about it."""

    name: str
    holds: str
    more: bool
    role: str
    guessed: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """An audit as the page shows it.

    Attributes
    ----------
    title : Headline
        The answer.
    kicker : str
        What was audited.
    lede, meant : tuple of str
        What is said under the answer.
    warnings : tuple of str
        What was noticed while the file was read.
    body : Markup
        All sections of the report.
    drawings : Markup
        Patterns and signs that its pictures are made of.
    made : str
        Its files, packed.
    files : tuple of (str, str)
        Each with what it is.
    asks : str
        What profile.toml still asks for.
    source : tuple of str
        Of an example: who is to be cited, and what is to be known of it.
    """

    title: Headline
    kicker: str
    lede: tuple[str, ...]
    meant: tuple[str, ...]
    warnings: tuple[str, ...]
    body: Markup
    drawings: Markup
    made: str
    files: tuple[tuple[str, str], ...]
    asks: str
    source: tuple[str, ...] = ()


def view(asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows before a file is chosen.

    Parameters
    ----------
    asked : mapping
        `example`: the id of a published matrix that is to be audited.

    Raises
    ------
    MisreadError
        If there is no such matrix.
    """
    id = asked.get("example", "")
    return {**_start(Form({})), "example": id, "shown": example(id) if id else None}


def answered(fields: Fields, file: tuple[str, bytes] | None = None) -> dict[str, Any]:
    """What the page shows of a file.

    First its columns, each with a guess; once somebody has said which means what, and has sent it again, the audit.
    What is wrong is told where it was typed, with all of it still there.

    Parameters
    ----------
    fields : mapping
        What the form sent: name → values.
    file : tuple of (str, bytes), optional
        Name and content of the file.
    """
    form = Form(fields)
    told = {**_start(form), "shown": None}
    try:
        if file is None:
            raise MisreadError(
                Problem(
                    _("No file was chosen."),
                    mend=_("choose it again: your browser does not keep it.")
                    if form.mapped
                    else _("choose one above."),
                )
            )
        given = held(*file)
        told["name"] = given.name
        found = columns(given, _written(form))
        told["rows"] = _rows(found, form)
        # Other columns than were asked about: it is another file.
        if [one.name for one in found] == [name for name, _role in form.mapped]:
            told["shown"] = _audit(given, form)
    except MisreadError as error:
        told |= {"problems": error.problems, "wrong": placed(error.problems, form), "http": 422}
    return told


def _start(form: Form) -> dict[str, Any]:
    """What the page always shows: the form as it was filled in, and the examples."""
    return {
        "most": MOST_FILE // 2**20,
        "most_columns": MOST_COLUMNS,
        "name": "",
        "rows": tuple(Row(name, "", False, role, False) for name, role in form.mapped),
        "roles": tuple((role, _(said)) for role, said in ROLES.items()),
        "further": {name: _(said) for name, said in FURTHER.items()},
        "typed": form.typed,
        "more": form.more,
        "duplicates": tuple((name, _(said)) for name, said in DUPLICATES),
        "examples": tuple((one.id, f"{one.short}: {one.quantity}") for one in matrices()),
        "example": "",
        "problems": (),
        "wrong": {},
        "http": 200,
    }


def _written(form: Form) -> PageAsk:
    """How a file is written, where that was said; what else was typed comes later."""
    given: dict[str, Any] = {}
    with suppress(MisreadError):
        whole = ask_of(Form({name: form.fields[name] for name in ("encoding", "delimiter") if name in form.fields}))
        given = {"encoding": whole.encoding, "delimiter": whole.delimiter}
    return PageAsk(**given)


def _rows(found: Sequence[Column], form: Form) -> tuple[Row, ...]:
    """Columns with what was said of them; with guesses where nobody was asked yet."""
    asked = [one.name for one in found] == [name for name, _role in form.mapped]
    meant = [role for _name, role in form.mapped] if asked else guesses(found)
    return tuple(
        Row(
            one.name,
            ", ".join(word if len(word) <= LETTERS else f"{word[: LETTERS - 1]}…" for word in one.words[:WORDS]),
            len(one.words) > WORDS,
            role,
            bool(role) and not asked,
        )
        for one, role in zip(found, meant, strict=True)
    )


def _audit(file: Held, form: Form) -> Shown:
    ask, share = ask_of(form), share_of(form.one("prevalence"))
    found = Audit(counted(file, ask), prevalence=share)
    further = {LABELS: "".join(f"{_toml(old)} = {_toml(new)}\n" for old, new in ask.map_labels.items())}
    return shown(
        found,
        command_of(file.name, ask, form, share),
        further if ask.map_labels else {},
        for_publication=bool(form.one("for_publication")),
    )


def _toml(text: str) -> str:
    import json

    # A basic string of TOML is written as one of JSON is.
    return json.dumps(text, ensure_ascii=False)


def matrices() -> tuple[Matrix, ...]:
    """Published matrices, the first one first."""
    found = (one for one in catalogue().values() if isinstance(one, Matrix))
    return tuple(sorted(found, key=lambda one: one.id != FIRST))


def example(id: str) -> Shown:
    """A published matrix, audited.

    Raises
    ------
    MisreadError
        If there is none with this id.
    """
    from misread.audit.reading import of_matrix

    one = next((one for one in matrices() if one.id == id), None)
    if one is None:
        raise MisreadError(Problem(_("There is no such example."), mend=_("choose one of the list."), key="example"))
    told = shown(Audit(of_matrix(one)), f"misread audit --counts evidence:{one.id}")
    return replace(told, source=(f"{one.quantity}. {one.citation}", *one.notes))


def shown(
    found: Audit, command: str, further: Mapping[str, str] | None = None, *, for_publication: bool = False
) -> Shown:
    """An audit as the page shows it, with all that can be taken away.

    Parameters
    ----------
    found : Audit
        The audit.
    command : str
        What repeats it in a terminal.
    further : mapping, optional
        Files beside those of the audit: name → text.
    for_publication : bool
        Whether tables for publication are made too.

    Raises
    ------
    MisreadError
        If something cannot be made of it.
    """
    from misread.audit.written.build import write
    from misread.report.audit import body
    from misread.report.audit import told as said_of
    from misread.report.audit.files import files

    told = said_of(found, command=command)
    made, asks = files(found, write(found), command=command, for_publication=for_publication)
    made |= further or {}
    return Shown(
        told["headline"],
        told["kicker"],
        tuple(told["lede"]),
        tuple(told["meant"]),
        tuple(map(upper_first, found.facts.warnings)),
        classed(body(told)),
        drawings(),
        packed(made),
        offered(made),
        asks,
    )


def classed(body: Markup) -> Markup:
    """The report's sections without styles of single elements, which no page of the server may have.

    How strong a cell of the heat map is painted becomes a class, whole per cent.
    """
    return Markup(
        re.sub(r'class="([^"]*)" style="--w:([\d.]+)%"', lambda m: f'class="{m[1]} w{float(m[2]):.0f}"', str(body))
    )


def drawings() -> Markup:
    """Patterns and signs of the report's pictures, but for the one that each page here has already."""
    from misread.report.page.html import environment

    drawn = str(environment().get_template("pictures.html.j2").module.definitions())  # type: ignore[attr-defined]
    return Markup(re.sub(r'<pattern id="hatch" .*?</pattern>', "", drawn))
