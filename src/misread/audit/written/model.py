"""audit.json as a whole: counts, and every statistic that was made from them."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from misread.audit.groups import Disparity
from misread.audit.rates import Estimate
from misread.audit.written.counts import Counts, Figure, Number, Table


class Bin(Table):
    """Faces whose score lies between two edges."""

    low: Figure
    high: Figure
    n: Number
    hits: Number
    score: Annotated[Figure | None, Field(description="Mean score; null in an empty bin.")] = None


class Calibrated(Table):
    """How sure the model said it was beside how often it was right, in one group.

    Attributes
    ----------
    group : tuple of (column, level)
        Whom it is about; empty for everybody.
    error, chance, chance_high, p, beyond : float or None
        Expected calibration error; what a perfectly calibrated model would show, on average and at most in 95 % of
        cases; how often it would show as much; what is left when chance is taken away.
    overconfidence : Estimate
        Mean score less accuracy.
    n, persons, n_eff : float, int or None, float or None
        What it rests on.
    bins : tuple of Bin
        Counts by score.
    draws, seed : int
        Of the chance figures.
    note : str
        Why something cannot be told, or what it rests on.
    """

    group: tuple[tuple[str, str], ...]
    error: Figure | None
    chance: Figure | None
    chance_high: Figure | None
    p: Figure | None
    beyond: Figure | None
    overconfidence: Estimate
    n: Number
    persons: int | None
    n_eff: Number | None
    bins: tuple[Bin, ...]
    draws: int
    seed: int
    note: str = ""


class Agreed(Table):
    """What raters agree on: the most that a classifier can honestly show against one of them."""

    options: tuple[str, ...]
    faces: Number
    votes: Number
    lone: Annotated[Number, Field(description="Faces with a single vote or none: in no figure.")]
    persons: int | None
    estimates: tuple[Estimate, ...]


class Method(Table):
    """How an interval was made."""

    name: str
    formula: str
    why: str
    source: str


class Written(Counts):
    """Everything that is written of an audit.

    Attributes
    ----------
    level, seed, permutations, replicates : float, int, int, int
        Of every interval; of all that was drawn, and how often.
    prevalence : float, dict of str to float, or None
        Share of faces that show an expression where the system would stand, for all or by label, as it was stated.
    estimates : tuple of Estimate
        Everybody's rates and composites, then those of groups.
    disparities : tuple of Disparity
        The greatest difference between the levels of each column.
    calibration : tuple of Calibrated
        Everybody's, then by column; empty where there were no scores.
    ceiling : Agreed or None
        None without votes.
    flips : dict of str to tuple of Estimate
        Paired column → how often the answer to the same face changes.
    warnings : tuple of str
        What whoever reads the figures has to know.
    methods : dict of str to Method
        How it was made: those that estimates name, and those of differences, calibration, persons and rows.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, title="misread audit")

    level: Annotated[float, Field(gt=0, lt=1, description="Of every interval.")] = 0.95
    seed: Annotated[int, Field(description="Of all that was drawn.")] = 1
    permutations: int = 0
    replicates: int = 0
    prevalence: Annotated[
        float | dict[str, float] | None, Field(description="Stated share of faces at which precision is told too.")
    ] = None
    estimates: tuple[Estimate, ...] = ()
    disparities: tuple[Disparity, ...] = ()
    calibration: tuple[Calibrated, ...] = ()
    ceiling: Agreed | None = None
    flips: dict[str, tuple[Estimate, ...]] = Field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    methods: dict[str, Method] = Field(default_factory=dict)

    def text(self) -> str:
        """The file: JSON with one line for each part of a list, so that two audits can be compared by eye."""
        said = json.loads(self.model_dump_json())
        return "{\n" + ",\n".join(f"{_json(key)}: {_lines(value)}" for key, value in said.items()) + "\n}\n"


def json_schema() -> dict[str, Any]:
    """JSON Schema of audit.json."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Written.model_json_schema()}


def _lines(value: Any) -> str:
    if isinstance(value, list) and value and all(isinstance(item, dict) and "parts" in item for item in value):
        each = ((_json(item["columns"]), ",\n".join(f"    {_json(part)}" for part in item["parts"])) for item in value)
        return "[\n" + ",\n".join(f'  {{"columns": {by}, "parts": [\n{parts}\n  ]}}' for by, parts in each) + "\n]"
    if isinstance(value, list) and value and not all(isinstance(item, str | int | float) for item in value):
        return "[\n" + ",\n".join(f"  {_json(item)}" for item in value) + "\n]"
    return _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
