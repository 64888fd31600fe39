"""The same rows as every kind of table that is taken, and counted by hand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

import pyarrow as pa

Rows = dict[str, list[object]]

MADE: Rows = {
    "face": ["sad", "sad", "happy", "happy", None, "sad", "happy", "fear", "sad", "happy", "sad", "fear"],
    "said": ["sad", None, "happy", "sad", "sad", "", "happy", "sad", "no_face", "happy", "sad", "none"],
    "age": ["9-12", "9-12", "13-15", None, "9-12", "13-15", "9-12", "9-12", "13-15", "13-15", "9-12", None],
    "tone": [1, 2, 1, 1, 2, 2, 1, None, 1, 2, 1, 1],
    "actor": ["a", "a", "b", "b", "c", None, "a", "c", "c", "b", None, "d"],
    "sure": [0.0, 0.04, 0.05, 1.0, 0.5, None, 0.95, 0.99, 0.3, float("nan"), 0.62, 0.62],
    "weight": [1.0, 2.0, 0.5, 1.0, 3.0, 1.0, 0.0, 2.0, 1.0, 1.0, 4.0, 1.0],
    "dark": ["sad", "sad", "sad", "sad", "fear", None, "happy", "sad", "sad", "happy", "sad", None],
}


def pandas_frame(rows: Rows) -> object:
    import pandas as pd

    return pd.DataFrame(rows)


def pandas_categories(rows: Rows) -> object:
    import pandas as pd

    frame = pd.DataFrame(rows)
    return frame.astype({name: "category" for name in frame if frame[name].dtype.kind not in "fi"})


def pandas_nullable(rows: Rows) -> object:
    import pandas as pd

    return pd.DataFrame(rows).convert_dtypes()


def polars_eager(rows: Rows) -> object:
    import polars as pl

    return pl.DataFrame(rows, strict=False)


def polars_lazy(rows: Rows) -> object:
    import polars as pl

    return pl.LazyFrame(rows, strict=False)


def arrow(rows: Rows) -> object:
    return pa.table(rows)


def arrow_chunks(rows: Rows) -> object:
    """In pieces of three rows, words as dictionaries that differ from piece to piece."""
    table = pa.table(rows)
    texts = [i for i, name in enumerate(table.column_names) if pa.types.is_string(table.schema.field(name).type)]
    pieces = []
    for start in range(0, max(len(table), 1), 3):
        piece = table.slice(start, 3)
        for i in texts:
            column = piece.column(i).combine_chunks().dictionary_encode()
            piece = piece.set_column(i, piece.column_names[i], column)
        pieces.append(piece)
    return pa.concat_tables(pieces)


def duckdb_relation(rows: Rows) -> object:
    import duckdb

    return duckdb.connect().from_arrow(pa.table(rows))


def dask_frame(rows: Rows) -> object:
    import dask.dataframe as dd
    import pandas as pd

    return dd.from_pandas(pd.DataFrame(rows), npartitions=3)


MAKERS: dict[str, Callable[[Rows], object]] = {
    "pandas": pandas_frame,
    "pandas categories": pandas_categories,
    "pandas nullable": pandas_nullable,
    "polars": polars_eager,
    "polars lazy": polars_lazy,
    "pyarrow": arrow,
    "pyarrow chunks": arrow_chunks,
    "duckdb": duckdb_relation,
    "dask": dask_frame,
}


def missing(value: object, *words: str) -> bool:
    """Whether a value is missing: null, NaN, empty, or one of these words."""
    return value is None or value != value or (isinstance(value, str) and (not value.strip() or value in words))


def by_hand(
    rows: Rows,
    truth: str,
    prediction: str,
    groups: Sequence[str] = (),
    weights: str | None = None,
    words: tuple[str, ...] = (),
) -> Counter[tuple[tuple[str, ...], str | None, str]]:
    """(Levels, expression or None, label) → rows, or weights, one row after the other."""
    found: Counter[tuple[tuple[str, ...], str | None, str]] = Counter()
    for i in range(len(rows[truth])):
        levels = tuple("(missing)" if missing(rows[g][i], *words) else _plain(rows[g][i]) for g in groups)
        face = None if missing(rows[truth][i], *words) else str(rows[truth][i])
        said = "none" if missing(rows[prediction][i], *words) else str(rows[prediction][i])
        found[levels, face, said] += 1.0 if weights is None else rows[weights][i]  # type: ignore[operator]
    return Counter({key: n for key, n in found.items() if n})


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def as_counter(table: object) -> Counter[tuple[tuple[str, ...], str | None, str]]:
    """A count table in the same form."""
    found: Counter[tuple[tuple[str, ...], str | None, str]] = Counter()
    for s in range(len(table.strata)):  # type: ignore[attr-defined]
        levels = tuple(table.names(s).values())  # type: ignore[attr-defined]
        for j, label in enumerate(table.labels):  # type: ignore[attr-defined]
            for i, expression in enumerate(table.expressions):  # type: ignore[attr-defined]
                found[levels, expression, label] += table.counts[s, i, j]  # type: ignore[attr-defined]
            found[levels, None, label] += table.untold[s, j]  # type: ignore[attr-defined]
    return Counter({key: n for key, n in found.items() if n})


def persons_by_hand(
    rows: Rows, truth: str, prediction: str, person: str, groups: Sequence[str] = (), words: tuple[str, ...] = ()
) -> list[tuple[tuple[tuple[tuple[str, ...], str, str], float], ...]]:
    """What each person's rows are, persons in no order; rows that name nobody each by themselves."""
    found: dict[object, Counter[tuple[tuple[str, ...], str, str]]] = defaultdict(Counter)
    for i in range(len(rows[truth])):
        if missing(rows[truth][i], *words):
            continue
        who = ("row", i) if missing(rows[person][i], *words) else rows[person][i]
        levels = tuple("(missing)" if missing(rows[g][i]) else _plain(rows[g][i]) for g in groups)
        said = "none" if missing(rows[prediction][i], *words) else str(rows[prediction][i])
        found[who][levels, str(rows[truth][i]), said] += 1
    return sorted(tuple(sorted((key, float(n)) for key, n in cells.items())) for cells in found.values())


def persons_of(table: object) -> list[tuple[tuple[tuple[tuple[str, ...], str, str], float], ...]]:
    """A count table's persons in the same form."""
    people = table.people  # type: ignore[attr-defined]
    found: dict[int, list[tuple[tuple[tuple[str, ...], str, str], float]]] = defaultdict(list)
    for s, p, c, n in zip(people.stratum, people.person, people.cell, people.count, strict=True):
        e, label = divmod(int(c), len(table.labels))  # type: ignore[attr-defined]
        levels = tuple(table.names(s).values())  # type: ignore[attr-defined]
        found[int(p)].append(((levels, table.expressions[e], table.labels[label]), float(n)))  # type: ignore[attr-defined]
    assert len(found) == people.k
    return sorted(tuple(sorted(cells)) for cells in found.values())
