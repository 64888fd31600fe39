"""Pictures that occur twice: looked for by id, which is kept nowhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import narwhals as nw

from misread.audit.reading.ask import Ask
from misread.audit.reading.frames import Source
from misread.audit.reading.words import several


def settled(source: Source, ask: Ask) -> tuple[Source, tuple[tuple[str, int], ...]]:
    """The table with what is asked done about ids that occur twice.

    Parameters
    ----------
    source : Source
        The table.
    ask : Ask
        Whose `id` names the column, whose `model` tells answers of several models apart, and whose `duplicates` says
        what is to be done.

    Returns
    -------
    tuple
        The table, and why how many rows are left out.

    Raises
    ------
    MisreadError
        If pictures occur twice and nothing else was asked; if ids are missing.
    """
    keys = {"id": nw.col(ask.id or "")} | ({} if ask.model is None else {"model": nw.col(ask.model)})
    answer = ask.prediction or ask.truth or ask.id or ""
    made = source.frame.select(*(e.alias(name) for name, e in keys.items()), nw.col(answer).alias("answer"))
    each = made.group_by(*keys, drop_null_keys=False).agg(
        nw.len().alias("n"), nw.col("answer").n_unique().alias("ways")
    )
    missing, twice, spare, ways = _numbers(
        each.select(
            nw.when(nw.col("id").is_null()).then(nw.col("n")).otherwise(0).sum().alias("missing"),
            (nw.col("n") > 1).cast(nw.Int64()).sum().alias("twice"),
            (nw.col("n") - 1).sum().alias("spare"),
            (nw.col("ways") > 1).cast(nw.Int64()).sum().alias("ways"),
        )
    )
    if missing:
        raise ask.wrong(
            "id",
            f'"{ask.id}" is missing in {several(missing, "row")}.',
            "which picture it is, in each row.",
            f"fill it in, or leave out {ask.option('id')}.",
            file=source.name,
        )
    if not twice or ask.duplicates == "keep":
        return source, ()
    if ask.duplicates == "first":
        return _first(source, ask), (("a picture that came before", spare),)
    models = ""
    if ways and ask.model is None and ask.prediction:
        models = (
            f" The answers differ for {ways:,} of them: if they are of several models, say in which column these stand "
            f"with {ask.option('model', 'COLUMN')}."
        )
    keep, first = ask.option("duplicates", "keep"), ask.option("duplicates", "first")
    raise ask.wrong(
        "id",
        f'{several(twice, "picture")} {"occur" if twice > 1 else "occurs"} more than once in "{ask.id}".{models}',
        "each picture once.",
        f"keep all, or the first of each, with {keep} or {first}.",
        file=source.name,
    )


def _numbers(frame: Any) -> list[int]:
    eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    return [int(eager[name].to_list()[0] or 0) for name in eager.columns]


def _first(source: Source, ask: Ask) -> Source:
    """The table with the first row of each picture alone."""
    columns = list(dict.fromkeys(column for _, column in ask.roles()))
    keys = [column for column in (ask.id, ask.model) if column]
    frame: Any = source.frame.select(*columns)
    if isinstance(frame, nw.LazyFrame):
        if frame.implementation.is_duckdb():
            if not source.ordered:
                raise ask.wrong(
                    "duplicates",
                    "A relation of DuckDB has no first row.",
                    "a table whose rows have an order.",
                    f"give the file itself, or {ask.option('duplicates', 'keep')}.",
                    file=source.name,
                )
            return replace(source, frame=nw.from_native(_first_in_file(frame.to_native(), keys)), rows=None)
        frame = frame.collect()
    kept = frame.unique(subset=keys, keep="first", maintain_order=True)
    return replace(source, frame=kept, rows=len(kept))


def _first_in_file(relation: Any, keys: list[str]) -> Any:
    """The same of a file: DuckDB numbers its rows in their order."""
    same = ", ".join('"' + key.replace('"', '""') + '"' for key in keys)
    numbered = relation.query("rows_read", "SELECT *, row_number() OVER () AS __row FROM rows_read")
    return numbered.query(
        "rows_numbered",
        "SELECT * EXCLUDE (__row) FROM rows_numbered "
        f"QUALIFY row_number() OVER (PARTITION BY {same} ORDER BY __row) = 1",
    )
