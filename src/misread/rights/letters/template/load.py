"""Reading templates, and choosing one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from misread.deployment.text.source import near, read_document
from misread.errors import MisreadError, Problem
from misread.rights.letters.template.checks import problems
from misread.rights.letters.template.model import Head, Template
from misread.rights.places.entries.load import law
from misread.rights.places.entries.words import day
from misread.rights.places.known import at


@cache
def templates() -> Mapping[str, Template]:
    """The letters that come with misread.

    Returns
    -------
    mapping of str to Template
        Id → template, in the order of ids. Read at the first call, and kept.
    """
    folder = resources.files("misread.rights.letters") / "templates"
    found: dict[str, Template] = {}
    wrong: list[Problem] = []
    for language in sorted(f.name for f in folder.iterdir() if f.is_dir()):
        for kind in sorted(f.name for f in (folder / language).iterdir() if f.is_dir()):
            for file in sorted((folder / language / kind).iterdir(), key=lambda f: f.name):
                if not file.name.endswith(".md"):
                    continue
                name = f"{language}/{kind}/{file.name}"
                try:
                    template = read_template(name, file.read_text(encoding="utf-8"))
                except MisreadError as error:
                    wrong += error.problems
                    continue
                expected = f"{kind}.{file.name.removesuffix('.md')}.{language}"
                if template.id != expected:
                    wrong.append(Problem(f"Its id is {template.id}.", f"`{expected}`, as it lies.", file=name))
                found[template.id] = template
    if wrong:
        raise MisreadError(wrong)
    return MappingProxyType({id: found[id] for id in sorted(found)})


def read_template(file: str, text: str) -> Template:
    """A template from its text.

    Parameters
    ----------
    file : str
        Its name, for messages.
    text : str
        A head in TOML between two lines of three plus signs, and Markdown below.

    Raises
    ------
    MisreadError
        With everything that is wrong in it.
    """
    parts = re.split(r"^\+\+\+[ \t]*$", text, maxsplit=2, flags=re.MULTILINE)
    if len(parts) != 3 or parts[0].strip():
        what = "It does not begin with a head."
        raise MisreadError(Problem(what, "a head in TOML between two lines `+++`.", "add it.", file))
    # The line breaks keep lines of the head where they stand in the file.
    document = read_document(file, parts[1].encode())
    try:
        head = Head.model_validate(document.data)
    except ValidationError as error:
        raise MisreadError([_head_problem(file, detail) for detail in error.errors(include_url=False)]) from error
    template = Template(head, parts[2].strip() + "\n", file)
    if found := problems(template):
        raise MisreadError(found)
    return template


def choose(place: str, kind: str, language: str) -> Template:
    """The letter of a kind for a place: its own, else that of a place it belongs to.

    Parameters
    ----------
    place, kind, language : str
        Such as "us-il", "access", "en".

    Raises
    ------
    MisreadError
        If there is none, with those that there are.
    """

    at(place, date.today())
    places = (place, *law()[place].extends)
    for one in places:
        if found := templates().get(f"{kind}.{one}.{language}"):
            return found
    here = [t.head for t in templates().values() if t.head.place in places]
    kinds = sorted({head.kind for head in here})
    if kind not in kinds:
        meant = near(kind, kinds)
        why = _not_yet(place, kind)
        raise MisreadError(
            Problem(
                f"There is no letter `{kind}` for {law()[place].name}{why}.",
                f"one of {', '.join(kinds)}." if kinds else "a place that has letters.",
                f"did you mean `{meant}`?" if meant else "`misread rights where` says what can be asked for there.",
                key="KIND",
            )
        )
    spoken = sorted({head.language for head in here if head.kind == kind})
    raise MisreadError(
        Problem(
            f"There is no letter `{kind}` for {law()[place].name} in the language `{language}`.",
            f"one of {', '.join(spoken)}.",
            "take one of these.",
            key="--language",
        )
    )


def _not_yet(place: str, kind: str) -> str:
    """Since when there will be a way, where the law is there and does not apply yet; or that none was found."""

    law = at(place, date.today())
    for route in law.routes:
        if route.kind == kind and route.availability == "not-yet":
            begins = [law[id].rule for id in route.grounds]
            first = max((rule.applies_from for rule in begins if rule is not None), default=None)
            named = ", ".join(law[id].entry.pinpoint for id in route.grounds)
            return f" yet: {named} applies from {day(first)}" if first else " yet"
        if route.kind == kind and route.note:
            # A note may begin with an abbreviation, such as FERPA.
            start = route.note[0] if route.note[1:2].isupper() else route.note[0].lower()
            return f": {start}{route.note[1:].rstrip('.')}"
    return ""


def _head_problem(file: str, detail: Any) -> Problem:
    path = [str(part) for part in detail["loc"]]
    field = Head.model_fields.get(path[0]) if path else None
    expected = f"{field.description}." if field and field.description else f"one of {', '.join(Head.model_fields)}."
    what = "It is missing." if detail["type"] == "missing" else f"It is {str(detail['input'])[:60]!r}."
    return Problem(what, expected, "correct it.", file, ".".join(path))
