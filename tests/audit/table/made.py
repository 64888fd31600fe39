"""Rows drawn at random, and the table of them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from misread.audit.reading import Ask, count
from misread.audit.table import CountTable

FACES = ("anger", "fear", "sad")
ANSWERS = ("anger", "sad", "calm", "")
COLUMNS = ("age", "sex", "tone")


def rows(n: int = 400, seed: int = 1, *, prefix: str = "p", persons: int = 12) -> dict[str, list[object]]:
    """Rows with three groups, persons who are in several of them, weights and scores, some of each missing."""
    g = np.random.default_rng(seed)

    def words(known: tuple[str, ...]) -> list[object]:
        return [known[x] for x in g.integers(0, len(known), n)]

    return {
        "face": words((*FACES, "")),
        "said": words(ANSWERS),
        "age": words(("6-8", "9-12", "13-15", "")),
        "sex": words(("f", "m")),
        "tone": words(("1", "2", "10")),
        "who": words((*(f"{prefix}{i}" for i in range(persons)), "")),
        "weight": g.integers(1, 5, n).astype(float).tolist(),
        "sure": np.round(g.random(n), 3).tolist(),
    }


ASK = Ask(truth="face", prediction="said", groups=COLUMNS, person="who", score="sure")


def table(given: dict[str, list[object]] | None = None, ask: Ask = ASK) -> CountTable:
    """The table of rows."""
    return count(pa.table(given or rows()), ask).table
