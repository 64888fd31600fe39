"""A column as distinct words and, for each row, which of them it is: what is counted is counted once a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

Codes = NDArray[np.int32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Series:
    """The cells of a column.

    Attributes
    ----------
    distinct : pyarrow.Array
        The texts that occur, each once.
    codes : ndarray of int32
        For each row the place of its text; -1 where the cell is empty.
    """

    distinct: pa.Array
    codes: Codes

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def filled(self) -> Mask:
        """Rows that hold something."""
        return np.asarray(self.codes >= 0)

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """How often each text occurs."""
        return np.bincount(self.codes[self.filled], minlength=len(self.distinct)).astype(np.int64)

    @property
    def size(self) -> int:
        """How many different texts there are."""
        return len(self.distinct)

    def words(self, most: int | None = None) -> list[str]:
        """The texts, at most so many."""
        some = self.distinct if most is None else self.distinct[:most]
        return [str(word) for word in some.to_pylist()]

    def where(self, rows: Mask) -> Series:
        """The same column with some of its rows; texts of the others are forgotten."""
        import pyarrow as pa

        codes = self.codes[rows]
        kept, again = np.unique(codes, return_inverse=True)
        shift = int(kept.size > 0 and kept[0] == -1)
        return Series(self.distinct.take(pa.array(kept[shift:])), (again.reshape(-1) - shift).astype(np.int32))

    def mapped(self, of: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """For each row what its text is mapped to; -1 where the cell is empty."""
        return np.append(np.asarray(of, dtype=np.int64), -1)[self.codes]


def series(column: pa.ChunkedArray | pa.Array) -> Series:
    """A column of dictionary-encoded text; texts that are blank count as empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    array = column.unify_dictionaries().combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0) if array.num_chunks else pa.array([], pa.dictionary(pa.int32(), pa.string()))
    if not pa.types.is_dictionary(array.type):
        array = array.cast(pa.string()).dictionary_encode()
    codes = array.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    texts = array.dictionary.cast(pa.string())
    found = Series(texts, codes)
    stripped = pc.utf8_trim_whitespace(texts)
    if stripped.equals(texts) and not pc.any(pc.equal(texts, "")).as_py() and found.counts.all():
        return found
    # Some texts differ only by the blanks around them, are blank, or do not occur.
    once = stripped.dictionary_encode()
    to = once.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    empty = pc.equal(once.dictionary, "").fill_null(True).to_numpy(zero_copy_only=False)
    to = np.where((to < 0) | np.append(empty, True)[to], -1, to)
    merged = Series(once.dictionary, found.mapped(to).astype(np.int32))
    return merged.where(np.ones(len(merged), dtype=np.bool_))
