"""Answers of a model that does not exist about people who do not exist, as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

WORDS = ("neutral", "happy", "sad", "angry", "fear", "surprise", "disgust")
GROUPS = (("sex", 2), ("tone", 5), ("age", 6))
"""Group columns, and how many levels each has: 60 strata."""
ALARMS = ("sad", "angry", "fear")
"""Labels that raise an alarm."""
PIECE = 1_000_000
"""Rows that are made at a time."""


@dataclass(frozen=True, slots=True)
class Made:
    """A benchmark that is made up."""

    rows: int
    persons: int
    words: tuple[str, ...] = WORDS
    groups: tuple[tuple[str, int], ...] = GROUPS

    def at(self, folder: Path) -> Path:
        """Its file, made if it is not there."""
        name = "-".join(map(str, (self.rows, self.persons, len(self.words), *(n for _, n in self.groups))))
        path = folder / f"{name}.parquet"
        if not path.exists():
            self._write(path)
        return path

    def _write(self, path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        rng = np.random.default_rng(1)
        E = len(self.words)
        # Most answers are right; what else is said differs from person to person.
        usual = np.full((E, E + 1), 2.0 / E)
        usual[np.arange(E), np.arange(E)] = 6
        chance = rng.standard_gamma(4 * usual, (self.persons, E, E + 1)).cumsum(axis=2).astype(np.float32)
        chance /= chance[..., -1:]
        levels = [rng.integers(0, n, self.persons).astype(np.int8) for _, n in self.groups]
        writer = None
        for first in range(0, self.rows, PIECE):
            n = min(PIECE, self.rows - first)
            who = rng.integers(0, self.persons, n, dtype=np.int32)
            truth = rng.integers(0, E, n, dtype=np.int16)
            drawn = rng.random(n, dtype=np.float32)
            answer = np.zeros(n, dtype=np.int16)
            for word in range(E):
                answer += drawn > chance[who, truth, word]
            columns = {
                "truth": _words(truth, self.words),
                "answer": _words(answer, self.words, missing=answer == E),
                "person": _words(who, [f"p{i:06d}" for i in range(self.persons)]),
                "score": pa.array(np.round(rng.beta(5, 2, n).astype(np.float32), 2)),
            }
            for (column, size), level in zip(self.groups, levels, strict=True):
                columns[column] = _words(level[who], [f"{column} {i}" for i in range(size)])
            table = pa.table(columns)
            writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
            writer.write_table(table)
        if writer is not None:
            writer.close()


def _words(codes: np.ndarray, words: Sequence[str], missing: np.ndarray | None = None) -> Any:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=missing), pa.array(words))
