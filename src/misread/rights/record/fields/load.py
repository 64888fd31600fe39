"""The fields of a disclosure record: what anybody may ask about such a system, and where else the same is asked."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field as Described

from misread.deployment.text.source import near, read_document
from misread.errors import MisreadError, Problem
from misread.evidence.entries.reference import Some, Table, Text, many
from misread.rights.places.entries.model import Id
from misread.rights.places.entries.words import Kind, Mark

Tier = Literal["card", "full"]
MapName = Literal["atrs", "gdpr", "ai-act", "card", "us"]


class Map(Table):
    """Another catalogue of questions that fields are mapped to, and how the mapping is known."""

    title: Annotated[Some, Described(description="what it is")]
    mark: Annotated[Mark, Described(description="R, O, S or K: how it is known")]
    note: Annotated[Text, Described(description="what is not sure about it")] = ""


class Field(Table):
    """One question that a record answers.

    Attributes
    ----------
    id : str
        Permanent: "ret.labels". What stands before the dot is its group.
    tier : {"card", "full"}
        Whether it is among those that can be read in a minute.
    question : str
        The question, about the system.
    ask : str
        The same as a sentence of a letter, to whoever runs the system.
    hint : str
        What form its value has.
    in_data : bool
        Whether a pupil's data shows the answer, so that a right to see the data reaches it.
    routes : tuple of str
        Kinds of letters that can ask it, the aptest first.
    provisions : tuple of str
        Provisions that require what it asks about. A place's law has to hold one of them for it to be owed.
    atrs, gdpr, aia, card, us : tuple of str
        The same question in the UK's algorithmic transparency record (names of its attributes), in the GDPR and in the
        AI Act (articles; "27(1)(a)" and so on are those of the fundamental rights impact assessment), in the cards of
        models, data and systems, and in the contracts of schools in the United States.
    """

    id: Annotated[str, Described(pattern=r"^[a-z]+\.[a-z]+(_[a-z]+)*$")]
    tier: Tier = "full"
    question: Some
    ask: Some
    hint: Some
    in_data: bool = False
    routes: Annotated[tuple[Kind, ...], many("kinds of letters")]
    provisions: Annotated[tuple[Id, ...], many("ids of provisions")] = ()
    atrs: Annotated[tuple[Some, ...], many("attributes")] = ()
    gdpr: Annotated[tuple[Some, ...], many("articles")] = ()
    aia: Annotated[tuple[Some, ...], many("articles")] = ()
    card: Annotated[tuple[Some, ...], many("sections")] = ()
    us: Annotated[tuple[Some, ...], many("topics")] = ()

    @property
    def group(self) -> str:
        """The id of its group, such as "ret"."""
        return self.id.partition(".")[0]

    def mapped(self, to: MapName) -> tuple[str, ...]:
        """The same question in another catalogue.

        Parameters
        ----------
        to : str
            One of `MAPS`.
        """
        return {"atrs": self.atrs, "gdpr": self.gdpr, "ai-act": self.aia, "card": self.card, "us": self.us}[to]


class _File(Table):
    """What `fields.toml` holds."""

    groups: dict[str, Some]
    maps: dict[MapName, Map]
    copies: Annotated[tuple[Id, ...], many("ids of provisions")]
    field: Annotated[tuple[Field, ...], many("[[field]] tables")]


def _load() -> _File:
    text = (resources.files("misread.rights.record.fields") / "fields.toml").read_bytes()
    return _File.model_validate(read_document("fields.toml", text).data)


_FILE = _load()
FIELDS: Mapping[str, Field] = MappingProxyType({field.id: field for field in _FILE.field})
"""Id of a field → the field, in the order in which they are told."""
GROUPS: Mapping[str, str] = MappingProxyType(_FILE.groups)
"""Id of a group → its title, in the order in which they are told."""
MAPS: Mapping[MapName, Map] = MappingProxyType(_FILE.maps)
"""The other catalogues."""
COPIES: frozenset[str] = frozenset(_FILE.copies)
"""Provisions that let one see what is held, and nothing about why, for whom or how long."""


def field(id: str, *, file: str = "", key: str = "") -> Field:
    """A field by its id.

    Parameters
    ----------
    id : str
        The id.
    file, key : str
        Where it was written, for the message.

    Raises
    ------
    MisreadError
        If there is none; a near miss is named.
    """
    if id in FIELDS:
        return FIELDS[id]
    tails = {known.partition(".")[2]: known for known in FIELDS}
    meant = near(id, FIELDS) or tails.get(near(id, tails), "")
    raise MisreadError(
        Problem(
            f"`{id}` is no field of a record.",
            "one of those that `misread rights record fields` lists, such as `ret.labels`.",
            f"did you mean `{meant}`?" if meant else "take one of these.",
            file,
            key,
        )
    )
