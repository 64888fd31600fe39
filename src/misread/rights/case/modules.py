"""The answers that schools give, as data: by which phrases each is recognised, what to write back, what comes next."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args

from pydantic import Field

from misread.deployment.text.source import near
from misread.errors import MisreadError, Problem
from misread.evidence.entries.reference import Some, Table, Text, many
from misread.rights.case.replies.signs import compiled
from misread.rights.case.replies.text import normal
from misread.rights.letters.words import LetterKind
from misread.rights.record.model import FieldId, Status

Language = Literal["en", "de", "fr", "pt", "zh", "hi"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
"""Languages in which replies are read."""

KINDS: tuple[LetterKind, ...] = get_args(LetterKind)
"""What can be asked for in a letter."""

Clock = Literal["runs", "extends", "may pause", "answers"]
"""What an answer does to the period: nothing, a longer one, perhaps a pause, or it ends it."""

ASKED: Literal["*"] = "*"
"""In `status`: every field that the letter asked for."""

FILES = ("time", "who", "denied", "terms", "partial", "law")
"""Files of modules, in the order in which their modules are told."""

_LIST = re.compile(r"<(\w+)>")


class Ask(Table):
    """What only the person who got the answer can tell."""

    id: Annotated[str, Field(pattern=r"^[a-z_]+$", description="a short name, which a follow-up may hold")]
    question: Annotated[Some, Field(description="a question")]


class Next(Table):
    """What comes next, and when."""

    when: Annotated[
        str,
        Field(
            pattern=r"^(at once|in [1-9]\d? days|due|very late)$",
            description='"at once", "in 14 days", "due" (once the period is over) or "very late"',
        ),
    ]
    say: Annotated[Some, Field(description="what to do")]
    letter: Annotated[
        Literal["", "same", "complaint"], Field(description='"" for a follow-up, "same" again, or "complaint"')
    ] = ""


class Module(Table):
    """One of the answers that schools give."""

    id: Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$", description="a short name")]
    kinds: Annotated[tuple[LetterKind, ...], many("kinds of letters that it may answer")]
    says: Annotated[Some, Field(description="what the reply says, in a sentence")]
    ask: Annotated[tuple[Ask, ...], many("tables { id, question }")] = ()
    echo: Annotated[Some, Field(description="what is told back to the person")]
    opens: Annotated[
        Text, Field(description="how a follow-up begins where the reply is not quoted; empty where it needs none")
    ] = ""
    followup: Annotated[tuple[Some, ...], many("paragraphs of a letter; {names} stand for what is put in")]
    persists: Annotated[Some, Field(description="what a complaint says if it stays so")]
    resolved: Annotated[Some, Field(description="what to do when it is settled")]
    clock: Annotated[Clock, Field(description=f"one of {', '.join(get_args(Clock))}")]
    private: Annotated[bool, Field(description="true where its quotation is never kept")] = False
    specific: Annotated[
        bool, Field(description="true where its provisions are about what it says, not about the right to ask")
    ] = False
    provisions: Annotated[
        dict[str, Annotated[tuple[Some, ...], many("ids of provisions")]], Field(description="place → ids")
    ]
    status: Annotated[dict[FieldId | Literal["*"], Status], Field(description="field of the record → its new status")]
    next: Annotated[tuple[Next, ...], many("tables { when, say, letter }")]
    signs: Annotated[
        dict[Language, Annotated[tuple[Some, ...], many("signs")]], Field(description="language → signs")
    ] = Field(default_factory=dict)
    unless: Annotated[
        dict[Language, Annotated[tuple[Some, ...], many("signs")]],
        Field(description="language → what takes the sign back in the same sentence"),
    ] = Field(default_factory=dict)


@cache
def modules() -> Mapping[str, Module]:
    """All modules.

    Returns
    -------
    mapping of str to Module
        Id → module, in the order in which they are told.
    """
    rows = [row for name in FILES for row in _file(f"{name}.toml")["module"]]
    return MappingProxyType({row["id"]: Module.model_validate(row) for row in rows})


def module(id: str) -> Module:
    """A module by its id.

    Raises
    ------
    MisreadError
        If there is none; a near miss is named.
    """
    known = modules()
    if id in known:
        return known[id]
    meant = near(id, known)
    mend = f"did you mean `{meant}`?" if meant else "take one of these."
    raise MisreadError(Problem(f"No answer is called `{id}`.", f"one of {', '.join(known)}.", mend, key="--module"))


def recognised(module: Module, words: str, languages: Sequence[Language]) -> tuple[Language, str] | None:
    """By which sign a sentence is recognised as an answer.

    Parameters
    ----------
    module : Module
        Which answer.
    words : str
        The sentence, as `Sentence.words` has it.
    languages : sequence of str
        Languages whose signs are tried.

    Returns
    -------
    (str, str) or None
        The language and the sign; None where no sign is in it, or something in it takes the sign back.
    """
    for language in languages:
        found = next((s for s in module.signs.get(language, ()) if _pattern(language, s).search(words)), None)
        back = (*module.unless.get(language, ()), *_lists(language)["never"])
        if found is not None and not any(_pattern(language, sign).search(words) for sign in back):
            return language, found
    return None


def speaks_of_court(text: str) -> bool:
    """Whether a text speaks of a court's order: that is never kept.

    Parameters
    ----------
    text : str
        Any text.
    """
    words = normal(text)
    return any(_pattern(language, sign).search(words) for language in LANGUAGES for sign in _lists(language)["court"])


@cache
def _pattern(language: Language, sign: str) -> re.Pattern[str]:
    lists = _lists(language)
    return compiled(_LIST.sub(lambda found: f"({lists[found[1]]})", sign))


@cache
def _lists(language: Language) -> Mapping[str, Any]:
    found: Mapping[str, Any] = _file("words.toml")[language]
    return found


def _file(name: str) -> dict[str, Any]:
    folder = resources.files("misread.rights.case") / "replies"
    return tomllib.loads((folder / name).read_text(encoding="utf-8"))


def of_kind(kind: str | None) -> Iterator[Module]:
    """Modules that may answer a letter of a kind; all where it is not known.

    Parameters
    ----------
    kind : str or None
        A kind of letter.
    """
    return (module for module in modules().values() if kind is None or kind in module.kinds)
