"""The model policies: texts that a board can adopt, and the change of a deployment that each means."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from misread.deployment.text.source import near
from misread.errors import MisreadError, Problem
from misread.evidence.entries.reference import Some, Table
from misread.rights.paper.blocks import Block, Heading, Items, Paper, Paragraph, plain
from misread.rights.paper.markdown import to_blocks

if TYPE_CHECKING:
    from datetime import date

    from misread.rights.places.known import Law, Standing

IDS = ("ban", "moratorium", "opt-in", "retention-and-audit")
"""The policies, the farthest first."""
LAW = "{{ law }}"
NUMBERS = "{{ numbers }}"
WORDS = "{{ words }}"
"""Lines of a text that are replaced: by what it leans on, by what it would change, by the words all of them share."""


class Setting(Table):
    """One key that a policy sets in a deployment."""

    key: Annotated[Some, Field(description='a key such as "file.keep_days"')]
    value: Annotated[Some, Field(description="its value, as TOML")]
    why: Annotated[Some, Field(description="the clause that says so")]


class Head(Table):
    """What stands above the text of a policy."""

    title: Annotated[Some, Field(description="the title")]
    about: Annotated[Some, Field(description="what it does, in a sentence")]
    set: Annotated[tuple[Setting, ...], Field(strict=False, description="tables { key, value, why }")] = ()
    take_out: Annotated[
        tuple[Some, ...], Field(strict=False, description="lists of a deployment that are emptied, such as rules")
    ] = ()
    leans_on: Annotated[
        dict[str, Annotated[tuple[Some, ...], Field(strict=False)]], Field(description="place → ids of its provisions")
    ]


class Policy(Table):
    """A model policy.

    Attributes
    ----------
    id : str
        Its name, also that of the overlay.
    head : Head
        Title, what it changes, and what it leans on.
    text : str
        Its clauses, as Markdown, with lines that are replaced.
    """

    id: str
    head: Head
    text: str


def read(id: str, text: str, words: str) -> Policy:
    """A policy from its file.

    Parameters
    ----------
    id : str
        Its name.
    text : str
        The file: a head in TOML between lines of three plus signs, then Markdown.
    words : str
        The definitions that all policies share, as Markdown.
    """
    _, head, body = text.split("+++\n", 2)
    return Policy(id=id, head=Head.model_validate(tomllib.loads(head)), text=body.replace(WORDS, words).strip())


@cache
def policies() -> Mapping[str, Policy]:
    """All model policies by name."""
    folder = files("misread.rights.board") / "texts"
    words = (folder / "words.md").read_text("utf-8").strip()
    return MappingProxyType({id: read(id, (folder / f"{id}.md").read_text("utf-8"), words) for id in IDS})


def policy(id: str) -> Policy:
    """A model policy by its name.

    Raises
    ------
    MisreadError
        If there is none of this name; a near miss is named.
    """
    if id not in IDS:
        meant = near(id, IDS)
        raise MisreadError(
            Problem(
                f"No model policy is called `{id}`.",
                f"one of {', '.join(IDS)}.",
                f"did you mean `{meant}`?" if meant else "take one of these.",
                key="NAME",
            )
        )
    return policies()[id]


def policy_paper(id: str, laws: Sequence[Law], today: date, *, numbers: Sequence[Block] = ()) -> Paper:
    """A model policy to be adopted.

    Parameters
    ----------
    id : str
        Its name.
    laws : sequence of Law
        The law of the places whose provisions it is to name.
    today : date
        The day on which it is written: from it old checks are told.
    numbers : sequence of Block
        What it would change, where that was counted (`misread.rights.board.numbers`).
    """
    chosen = policy(id)
    clauses, _, after = chosen.text.partition(LAW)
    before, _, last = after.partition(NUMBERS)
    blocks = (
        *_first(),
        *to_blocks(clauses),
        *_leans_on(chosen, laws, today),
        *to_blocks(before),
        *numbers,
        *to_blocks(last),
    )
    return Paper(chosen.head.title, "en", blocks)


def _first() -> Iterator[Block]:
    yield Paragraph(
        plain(
            "A text to start from. It is no legal advice, and no lawyer has reviewed it: have one of your place read "
            "it before you vote. Words in square brackets are alternatives, blanks, or numbers for the board to set."
        ),
        small=True,
    )


def _leans_on(chosen: Policy, laws: Sequence[Law], today: date) -> Iterator[Block]:
    from misread.rights.board.provisions import cited, marked, sentences

    yield Heading(plain("What it leans on"))
    found = dict(_provisions(chosen, laws))
    if not any(found.values()):
        yield Paragraph(plain("No provision of this place is recorded that it could lean on."))
        return
    yield Paragraph(
        plain(
            "A board decides by its own power. These provisions are reasons for this text; none of them orders it word "
            f"for word. {marked()}"
        )
    )
    for law, standings in found.items():
        if standings and len(laws) > 1:
            yield Heading(plain(law.place.name), 3)
        if standings:
            yield Items(tuple(map(cited, standings)))
            yield Paragraph(plain(sentences(standings, today)), small=True)
    for said in dict.fromkeys(banner for law in laws for banner in law.banners(today)):
        yield Paragraph(plain(said), small=True)


def _provisions(chosen: Policy, laws: Sequence[Law]) -> Iterator[tuple[Law, tuple[Standing, ...]]]:
    """What it leans on in each place; the law of a country is told once, where several of its parts are asked for."""
    told: set[str] = set()
    for law in laws:
        named = {id for place in law.places for id in chosen.head.leans_on.get(place.id, ())} - told
        told |= named
        yield law, tuple(s for s in law.provisions if s.entry.id in named and s.state != "over")
