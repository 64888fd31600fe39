"""The card as it is kept: aggregates over at least twenty pictures each, and what they were made with.

No row is about one picture, and there is no overall score.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from misread.errors import MisreadError, Problem

FORMAT = "misread-closed-card/1"
SAYS = "Rendered faces: not evidence that a product works or fails on children. No overall score."

LEAST = 20
"""No row of a card rests on fewer pictures."""

Where = Literal["base", "all"]
Unit = Annotated[float, Field(ge=0, le=1)]
Signed = Annotated[float, Field(ge=-1, le=1)]
Many = Annotated[int, Field(ge=LEAST)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Frozen(BaseModel):
    """A part of the card: read, and not changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Share(Frozen):
    """So many of so many, and the 95 % interval of their share by resampling heads."""

    count: Annotated[int, Field(ge=0)]
    of: Many
    low: Unit
    high: Unit

    @property
    def share(self) -> float:
        """The share itself."""
        return self.count / self.of

    @model_validator(mode="after")
    def _within(self) -> Self:
        # Ends are rounded outwards.
        if not (self.count <= self.of and self.low <= self.share <= self.high):
            raise ValueError("a share lies within its interval")
        return self


class Band(Frozen):
    """A value and its 95 % interval by resampling heads."""

    value: Signed
    low: Signed
    high: Signed

    @model_validator(mode="after")
    def _within(self) -> Self:
        if not self.low <= self.value <= self.high:
            raise ValueError("a value lies within its interval")
        return self


class Weights(Frozen):
    """What a reader is made of: the package, and SHA-256 of the files of weights in it."""

    reader: str
    package: str
    version: str
    licence: str
    sha256: tuple[Digest, ...]


class Heads(Frozen):
    """The heads of nobody: how many from seed 0 on, and SHA-256 of the mesh they are made of."""

    count: Annotated[int, Field(ge=LEAST)]
    sha256: Digest


class Seen(Frozen):
    """The smallest difference to a control that is seen, by how often controls flip and how alike a head's are."""

    control: Unit
    alike: Unit
    difference: Unit


class Power(Frozen):
    """What the card was able to see, computed before it was made."""

    heads: int
    poses: int
    power: Unit
    seen: tuple[Seen, ...]


class Floor(Frozen):
    """Of a reader, the controls that change the most: labels, and scores where it gives any."""

    reader: str
    labels: str
    scores: str | None


class Changed(Frozen):
    """What becomes of a reader's answer when one thing changes.

    Attributes
    ----------
    factor, level, reader : str
    control : bool
        Whether nothing changed that a reader should mind.
    flips : Share
        Pairs of pictures, of the same head and pose, whose labels differ.
    beyond : Band or None
        By how much that share exceeds the largest control's.
    distance : Band or None
        Mean total-variation distance between a pair's scores: half the sum of what they differ by.
    distance_beyond : Band or None
    """

    factor: str
    level: str
    reader: str
    control: bool = False
    flips: Share
    beyond: Band | None = None
    distance: Band | None = None
    distance_beyond: Band | None = None


class Hits(Frozen):
    """Of how many heads each pose is called by its name, in the order of `Card.poses`; never one number for all."""

    factor: str
    level: str
    reader: str
    by_pose: tuple[int, ...]


class Found(Frozen):
    """How often the detector finds the face; `missed_beyond`: misses beyond those of the largest control."""

    factor: str
    level: str
    detector: str
    found: Share
    missed_beyond: Band | None = None


class Called(Frozen):
    """What a neutral face is called, in the base condition or over this grid of changes: the base, each level once."""

    reader: str
    where: Where
    words: Mapping[str, Share]


class Agreed(Frozen):
    """How often two readers give a picture the same label."""

    readers: tuple[str, str]
    where: Where
    same: Share


class Sample(Frozen):
    """A few pictures that `--check` takes again.

    Attributes
    ----------
    heads : tuple of int
    factors : tuple of str
        Beside the base.
    pictures : int
    sha256 : mapping of str to str
        Of the pixels and boxes, by condition.
    scores : mapping of str to mapping of str to float
        Mean over all pictures of the sample, by network and word.
    found : int
        Faces found by the kindest detector.
    """

    heads: tuple[int, ...]
    factors: tuple[str, ...]
    pictures: Many
    sha256: Mapping[str, Digest]
    scores: Mapping[str, Mapping[str, Unit]]
    found: int


class Card(Frozen):
    """An instability audit of readers of faces on rendered heads."""

    format: Literal["misread-closed-card/1"]
    says: Literal["Rendered faces: not evidence that a product works or fails on children. No overall score."]
    made_with: Mapping[str, str]
    weights: tuple[Weights, ...]
    heads: Heads
    seed: int
    base: str
    poses: tuple[str, ...]
    notes: tuple[str, ...]
    power: Power
    floors: tuple[Floor, ...]
    changes: tuple[Changed, ...]
    hits: tuple[Hits, ...]
    found: tuple[Found, ...]
    neutral: tuple[Called, ...]
    agreement: tuple[Agreed, ...]
    # By reader, pose and label: of how many heads, in the base condition.
    profile: Mapping[str, Mapping[str, Mapping[str, int]]]
    sample: Sample

    @property
    def readers(self) -> tuple[str, ...]:
        """The readers' names, in the card's order."""
        return tuple(floor.reader for floor in self.floors)

    def text(self) -> str:
        """As JSON, a row a line; what is not there is left out."""
        parts = [
            f"{json.dumps(name)}:{_rows(value)}"
            for name, value in json.loads(self.model_dump_json(exclude_defaults=True)).items()
        ]
        return "{" + ",\n".join(parts) + "}\n"


def _rows(value: object) -> str:
    def tight(part: object) -> str:
        return json.dumps(part, ensure_ascii=False, separators=(",", ":"))

    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(map(tight, value)) + "\n]"
    return tight(value)


def parsed(text: str, file: str) -> Card:
    """A card from its JSON.

    Raises
    ------
    MisreadError
        If it is none.
    """
    try:
        return Card.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        raise MisreadError(
            Problem(
                f"{first['msg']}.",
                f"a card of the format {FORMAT}.",
                "make it anew with `misread closed card --heads 20 --out FILE`.",
                file=file,
                key=".".join(map(str, first["loc"])),
            )
        ) from error


@lru_cache(maxsize=1)
def shipped() -> Card:
    """The card that misread ships."""
    path = files(__package__).joinpath("data/card.json")
    return parsed(path.read_text(encoding="utf-8"), "card.json")
