"""Any dataframe, and the one group-by over it, which runs where the data is: only lines of counts come back."""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from misread.audit.reading.ask import BINS, Ask, article
from misread.audit.reading.words import word

if TYPE_CHECKING:
    import pyarrow as pa

HEAD = 20_000
"""Rows of a large table that are looked at before all of it is grouped."""
Frame = nw.DataFrame[Any] | nw.LazyFrame[Any]


@dataclass(frozen=True)
class Source:
    """A table that is to be counted.

    Attributes
    ----------
    frame : DataFrame or LazyFrame
        As Narwhals sees it.
    name : str
        What messages call it.
    kind : str
        Format or library.
    rows : int or None
        How many rows it has, where that costs nothing to know.
    text : bool
        Whether numbers were made from text; what is none became infinite.
    ordered : bool
        Whether a lazy table's rows have an order: those of a file do.
    """

    frame: Frame
    name: str
    kind: str
    rows: int | None = None
    text: bool = False
    ordered: bool = False

    @property
    def lazy(self) -> bool:
        """Whether it is computed when asked for."""
        return isinstance(self.frame, nw.LazyFrame)


@dataclass(frozen=True, eq=False)
class Grouped:
    """What a group-by gave: a line for each combination of keys.

    Attributes
    ----------
    values : mapping of str to list of (str or None)
        Key → its different values as text.
    codes : mapping of str to ndarray of int
        Key → which value each line has; −1 where it is null.
    sums : mapping of str to ndarray
        Sum → its value in each line.
    """

    values: Mapping[str, list[str | None]]
    codes: Mapping[str, NDArray[np.int64]]
    sums: Mapping[str, NDArray[np.float64]]

    @property
    def rows(self) -> NDArray[np.int64]:
        """Rows of each line."""
        return self.sums["rows"].astype(np.int64)

    def kept(self, keep: NDArray[np.bool_]) -> Grouped:
        """Some of the lines."""
        return Grouped(
            self.values,
            {name: codes[keep] for name, codes in self.codes.items()},
            {name: sums[keep] for name, sums in self.sums.items()},
        )


def source_of(data: object, ask: Ask) -> Source:
    """A dataframe of any library that Narwhals knows.

    Parameters
    ----------
    data : object
        pandas, Polars (eager or lazy), PyArrow table, DuckDB relation, Dask, or a Narwhals frame of these; or a
        `Source`, which stays as it is.
    ask : Ask
        For messages.

    Raises
    ------
    MisreadError
        If it is none of these, or two of its columns have the same name.
    """
    if isinstance(data, Source):
        return data
    try:
        with warnings.catch_warnings():
            # Narwhals tells that Dask is to move into a package of its own.
            warnings.simplefilter("ignore", FutureWarning)
            frame: Any = nw.from_native(data)
            known = isinstance(frame, nw.DataFrame | nw.LazyFrame)
            kind = str(frame.implementation.value) if known else ""
    except TypeError:
        known, kind = False, ""
    except nw.exceptions.NarwhalsError as error:
        raise ask.wrong(
            "", f"The table cannot be used: {first_line(error)}", mend="give each column a name of its own."
        ) from error
    if not known:
        raise ask.wrong(
            "",
            f"It is {article(type(data).__name__)}, and no table.",
            "a dataframe of pandas, Polars, PyArrow, DuckDB or Dask, or the path of a file.",
            "make a dataframe of it.",
        )
    rows = len(frame) if isinstance(frame, nw.DataFrame) else None
    return Source(frame, f"the {kind} table", kind, rows)


def first_line(error: BaseException) -> str:
    """What a library says of an error, in one line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:300].rstrip(".") + "."


def check_columns(source: Source, ask: Ask) -> None:
    """See that every column that is named is there and can be used, and that none holds pictures.

    Raises
    ------
    MisreadError
        If not.
    """
    schema = source.frame.collect_schema()
    names = list(schema.names())
    if odd := [name for name in names if not isinstance(name, str)]:
        raise ask.wrong(
            "", f"A column is called {odd[0]!r}.", "names that are text.", "rename the columns.", file=source.name
        )
    for name, column in ask.roles():
        if column not in schema:
            raise ask.wrong(name, *absent(column, names, ask, name, source.name), file=source.name)
    held = [name for name, dtype in schema.items() if dtype == nw.Binary or _holds_binary(dtype)]
    held += _objects(source.frame, [name for name, dtype in schema.items() if dtype in (nw.Object, nw.Unknown)])
    if held:
        raise ask.wrong(
            "",
            f'The column "{held[0]}" holds binary data. misread takes no pictures.',
            "a table of words and numbers.",
            "leave that column out of the table.",
            file=source.name,
        )
    for name, column in ask.roles():
        if schema[column].is_nested():
            raise ask.wrong(
                name,
                f'"{column}" holds lists or records.',
                "one word or number in each row.",
                "make a column of what is meant.",
                file=source.name,
            )
    for name, column in ask.roles():
        if column in ask.numbers and not (schema[column].is_numeric() or schema[column] == nw.Boolean):
            raise ask.wrong(
                name,
                f'"{column}" holds text.',
                "numbers.",
                "make numbers of it, or name another column.",
                file=source.name,
            )


def absent(column: str, names: Sequence[str], ask: Ask, name: str, where: str) -> tuple[str, str, str]:
    """What to say of a column that is not there: what, what was expected, how to mend it."""
    shown = ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
    folded = {known.casefold().strip(): known for known in reversed(names)}
    near = folded.get(column.casefold().strip())
    # One or two letters are like too much.
    meant = [near] if near else difflib.get_close_matches(column, names, n=1, cutoff=0.6) if len(column) > 2 else []
    mend = f'did you mean "{meant[0]}"?' if meant else f"name another with {ask.option(name)}."
    return f'There is no column "{column}" in {where}.', f"one of {shown}." if names else "a table with columns.", mend


def _holds_binary(dtype: Any) -> bool:
    if isinstance(dtype, nw.List | nw.Array):
        return dtype.inner == nw.Binary or _holds_binary(dtype.inner)
    if isinstance(dtype, nw.Struct):
        return any(field.dtype == nw.Binary or _holds_binary(field.dtype) for field in dtype.fields)
    return False


def _objects(frame: Frame, columns: Sequence[str]) -> list[str]:
    """Columns of Python objects whose first values are bytes or arrays."""
    if not columns:
        return []
    head = frame.select(*columns).head(100)
    eager = head.collect() if isinstance(head, nw.LazyFrame) else head
    plain = str | int | float | bool | None
    return [
        column
        for column in columns
        if any(
            isinstance(value, bytes | bytearray | memoryview | np.ndarray | dict | list | tuple)
            or hasattr(value, "__array_interface__")
            for value in eager[column].to_list()
            if not isinstance(value, plain)
        )
    ]


ENDLESS = 100_000
"""Number of the band of what is infinite, or is no number."""


def number(column: str, ask: Ask) -> nw.Expr:
    """A column as numbers, null where it is NaN or a number that means "missing"."""
    x = nw.col(column).cast(nw.Float64())
    return nw.when(_known(x, ask)).then(x)


def band(column: str, ask: Ask) -> nw.Expr:
    """In which band a number lies: 0 below the first edge; null where there is none, `ENDLESS` or more at infinity."""
    x = nw.col(column).cast(nw.Float64())
    code = ENDLESS * ((x == float("inf")) | (x == -float("inf"))).cast(nw.Int64())
    for edge in ask.bands[column]:
        code = code + (x >= edge).cast(nw.Int64())
    return nw.when(_known(x, ask)).then(code)


def _known(x: nw.Expr, ask: Ask) -> nw.Expr:
    known = ~x.is_null() & ~x.is_nan()
    for missing in ask.missing_numbers:
        known = known & (x != missing)
    return known


def group(
    source: Source, ask: Ask, keys: Mapping[str, nw.Expr], inputs: Mapping[str, nw.Expr] | None = None
) -> Grouped:
    """Lines of rows alike: the one group-by, run by whatever library holds the table.

    Parameters
    ----------
    source : Source
        The table.
    ask : Ask
        For messages.
    keys : mapping of str to Expr
        What makes rows alike.
    inputs : mapping of str to Expr
        "weight" and "score" are summed with their squares; where both are there, scores count with their weights.

    Returns
    -------
    Grouped
        Keys, ``rows``, and the sums.

    Raises
    ------
    AssertionError
        If the lines do not hold every row: a bug, here or in the library.
    """
    inputs = dict(inputs or {})
    made = source.frame.select(
        *(expression.alias(name) for name, expression in keys.items()),
        *(expression.alias(name) for name, expression in inputs.items()),
    )
    if isinstance(made, nw.DataFrame) and made.implementation.is_pyarrow():
        # Pieces may number the same words differently, which PyArrow does not group.
        made = nw.from_native(made.to_native().unify_dictionaries(), eager_only=True)
    sums = _sums(inputs)
    if products := _products(inputs):
        made = made.with_columns(*(expression.alias(name) for name, expression in products.items()))
    lines = made.group_by(*keys, drop_null_keys=False).agg(nw.len().alias("rows"), *sums)
    try:
        table = lines.collect("pyarrow") if isinstance(lines, nw.LazyFrame) else lines
    except MemoryError as error:
        raise ask.wrong("", *TOO_LARGE, file=source.name) from error
    columns = {name: _arrow(table[name]) for name in keys}
    coded = {name: _coded(column) for name, column in columns.items()}
    found = Grouped(
        {name: values for name, (values, _) in coded.items()},
        {name: codes for name, (_, codes) in coded.items()},
        {
            name: np.nan_to_num(np.asarray(_arrow(table[name]).cast("float64").to_numpy(), dtype=np.float64))
            if name not in ("low", "high", "lightest")
            else np.asarray(_arrow(table[name]).cast("float64").to_numpy(), dtype=np.float64)
            for name in table.columns
            if name not in keys
        },
    )
    if source.rows is not None and int(found.rows.sum()) != source.rows:
        raise AssertionError(f"{int(found.rows.sum())} rows were counted, of {source.rows} in {source.name}")
    return found


TOO_LARGE = (
    "There is not enough memory for so many different combinations.",
    "a few million combinations of groups, person, truth and answer at most.",
    "leave out the column with most different values.",
)


def _products(inputs: Mapping[str, nw.Expr]) -> dict[str, nw.Expr]:
    """What is summed beside the inputs themselves."""
    w, s = nw.col("weight"), nw.col("score")
    found: dict[str, nw.Expr] = {}
    if "weight" in inputs:
        found |= {"weight_2": w * w, "odd": (w.is_null() | (w < 0) | (w > LARGEST)).cast(nw.Int64())}
    if "score" in inputs:
        found |= {"score_1": s * w if "weight" in inputs else s, "outside": ((s < 0) | (s > 1)).cast(nw.Int64())}
        found |= {"score_2": s * s * w if "weight" in inputs else s * s}
    return found


LARGEST = 1e12
"""Of a weight: more is no weight, and sums of squares stay exact enough below it."""


def _sums(inputs: Mapping[str, nw.Expr]) -> list[nw.Expr]:
    found = []
    if "weight" in inputs:
        found += [nw.col(name).sum() for name in ("weight", "weight_2", "odd")]
        found.append(nw.col("weight").min().alias("lightest"))
    if "score" in inputs:
        found += [nw.col(name).sum() for name in ("score_1", "score_2", "outside")]
        found += [nw.col("score").min().alias("low"), nw.col("score").max().alias("high")]
    return found


def score_bin(score: nw.Expr, bins: int = BINS) -> nw.Expr:
    """In which of the equal bins a score from 0 to 1 lies; 1 itself has the number `bins`."""
    return (score * bins).floor()


def _arrow(series: Any) -> pa.ChunkedArray:
    import pyarrow as pa

    try:
        found = series.to_arrow()
    # A column of Python objects can hold text and numbers.
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        found = pa.array([word(value) for value in series.to_list()], pa.string())
    return found if isinstance(found, pa.ChunkedArray) else pa.chunked_array([found])


def _coded(column: pa.ChunkedArray) -> tuple[list[str | None], NDArray[np.int64]]:
    """Different values as text, and which of them each line has."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    coded = column.combine_chunks().dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.combine_chunks() if coded.num_chunks != 1 else coded.chunk(0)
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    values = coded.dictionary.to_pylist()
    # Text is its own word, and there may be hundreds of thousands of persons.
    kind = coded.dictionary.type
    text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    return values if text else [word(value) for value in values], codes
