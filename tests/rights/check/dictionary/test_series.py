"""Columns as distinct words: the same cells, whatever pieces they come in."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.rights.check.dictionary.series import Series, series
from misread.rights.check.dictionary.shapes import numbers, numeric

CELLS = st.lists(st.one_of(st.none(), st.sampled_from(["a", "b", " a ", "", "  ", "ö"])), max_size=30)


def column(cells: list[str | None], pieces: int = 2) -> Series:
    arrays = [pa.array(cells[i::pieces], pa.string()).dictionary_encode() for i in range(pieces)]
    return series(pa.chunked_array(arrays, pa.dictionary(pa.int32(), pa.string())))


def told(found: Series) -> list[str | None]:
    words = found.words()
    return [words[code] if code >= 0 else None for code in found.codes]


def plain(cells: list[str | None]) -> list[str | None]:
    return [(cell or "").strip() or None for cell in cells]


@settings(max_examples=40, deadline=None)
@given(CELLS)
def test_cells_come_back_without_blanks(cells: list[str | None]) -> None:
    found = column(cells)
    assert told(found) == plain([*cells[0::2], *cells[1::2]])
    assert len(set(found.words())) == found.size
    assert (found.counts > 0).all()
    assert found.counts.sum() == found.filled.sum()


@settings(max_examples=40, deadline=None)
@given(CELLS, st.integers(0, 2**30))
def test_what_is_left_out_is_forgotten(cells: list[str | None], bits: int) -> None:
    found = column(cells, 1)
    rows = np.array([bits >> i & 1 for i in range(len(cells))], dtype=np.bool_)
    some = found.where(rows)
    assert told(some) == [cell for cell, row in zip(plain(cells), rows, strict=True) if row]
    assert set(some.words()) == set(told(some)) - {None}


def test_numbers_with_point_and_comma() -> None:
    texts = pa.array(["1.5", "1,5", "-2", "80 %", "x", "1e3", ".5"])
    assert np.array_equal(numbers(texts), [1.5, 1.5, -2, 80, np.nan, 1000, 0.5], equal_nan=True)
    assert not numeric(texts)
    assert numeric(texts.filter(pa.array([True] * 4 + [False] + [True] * 2)))
    assert not numeric(pa.array([], pa.string()))
