"""What is refused: columns, words, numbers and groups that nothing can be counted of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NoReturn

import narwhals as nw
import numpy as np

from misread.audit.reading.ask import MOST_NUMBERS, Ask
from misread.audit.reading.frames import ENDLESS, HEAD, Grouped, Source
from misread.audit.reading.words import check_word, listed, several, spellings
from misread.audit.table.build import Lines, strata_of
from misread.audit.table.model import NONE

if TYPE_CHECKING:
    from misread.audit.reading.counting import Read

LARGE = 2_000_000
"""Rows from which on a table's beginning is looked at before all of it is grouped."""
MOST_CELLS = 20_000_000
"""Cells of a count table: strata × expressions × labels."""
SPARSE = 100
"""Strata from which on most of them have to hold more than one row: else they tell of single faces."""


def refuse_empty(source: Source, ask: Ask) -> NoReturn:
    """Say that there is nothing to count."""
    raise ask.wrong(
        "", f"{source.name} has 0 rows; there is nothing to audit.", "a row for each answer.", file=source.name
    )


def check_head(source: Source, ask: Ask) -> bool:
    """Look at the beginning of a large table, so that a column of ids is refused before all of it is grouped.

    Returns
    -------
    bool
        Whether every row has its own person, so that persons need not be kept.
    """
    if source.rows is not None and source.rows <= LARGE:
        return False
    roles = [
        (name, column)
        for name, column in ask.roles()
        if name in ("truth", "prediction", "groups", "model", "person", "paired") and column not in ask.bands
    ]
    if not roles:
        return False
    columns = [column for _, column in roles]
    head = source.frame.select(*columns).head(HEAD)
    found = head.select(nw.len().alias("rows"), *(nw.col(c).n_unique().alias(f"n{i}") for i, c in enumerate(columns)))
    eager = found.collect() if isinstance(found, nw.LazyFrame) else found
    rows = int(eager["rows"].to_list()[0])
    each_own = False
    for i, (name, column) in enumerate(roles):
        # Of no rows DuckDB counts nothing, not even 0.
        different = int(eager[f"n{i}"].to_list()[0] or 0)
        if name == "person":
            each_own = (
                rows == HEAD and different == rows and _different(source, column)[0] == _different(source, column)[1]
            )
        elif different > 10 * max(ask.max_labels, ask.max_levels or 0):
            _refuse_many(source, ask, name, column, *_different(source, column))
    return each_own


def _different(source: Source, column: str) -> tuple[int, int]:
    """How many different values a column has, and how many rows."""
    found = source.frame.select(nw.col(column).n_unique().alias("n"), nw.len().alias("rows"))
    eager = found.collect() if isinstance(found, nw.LazyFrame) else found
    return int(eager["n"].to_list()[0]), int(eager["rows"].to_list()[0])


def _refuse_many(source: Source, ask: Ask, name: str, column: str, different: int, rows: int) -> NoReturn:
    raise ask.wrong(
        name,
        f'"{column}" has {different:,} different values in {several(rows, "row")}; that is no {_called(name)}.',
        f"at most {ask.max_labels:,} different words.",
        f"name another column, or allow more with {ask.option('max_labels', 'N')}.",
        file=source.name,
    )


def _called(name: str) -> str:
    return "group" if name in ("groups", "model") else "label"


def check_truth(source: Source, ask: Ask, read: Grouped, truth: Read) -> None:
    """Refuse a truth that is missing everywhere, or that says "none", which stands for a missing answer."""
    rows = truth.rows_of(read.rows)
    nothing = next((how for w, how in zip(truth.words, truth.how, strict=True) if w is None and how == NONE), None)
    if nothing is not None:
        raise ask.wrong(
            "truth",
            f'"{ask.truth}" says "{NONE}", which stands for a missing answer here.',
            "a word for what the face shows.",
            f'map it to another word with {ask.option("map_labels")}, or say that it means "missing": '
            f"{ask.option('missing', NONE)}.",
            file=source.name,
        )
    if not any(w is not None and n for w, n in zip(truth.words, rows, strict=False)):
        raise ask.wrong(
            "truth",
            f'"{ask.truth}" is empty in all {several(int(rows.sum()), "row")}.',
            "the true words of a labelled benchmark.",
            f"name another column with {ask.option('truth')}.",
            file=source.name,
        )


def check_labels(
    source: Source, ask: Ask, expressions: Sequence[str], labels: Sequence[str], read: Grouped | None = None
) -> None:
    """Refuse labels that are ids, are written in several ways, or have nothing in common with the truth."""
    answers = ask.prediction or "votes"
    name = "prediction" if ask.prediction else "votes"
    for role, column, words in (("truth", ask.truth or "", expressions), (name, answers, labels)):
        if len(words) > ask.max_labels:
            _refuse_many(source, ask, role, column, len(words), int(read.rows.sum()) if read else len(words))
        for w in words:
            check_word(ask, role, column, w, source.name)
    refuse_spellings(source, ask, ((answers, labels), (ask.truth or "", expressions)), name, maps=True)
    if labels and expressions and not set(labels) & set(expressions):
        raise ask.wrong(
            name,
            f'no word of "{answers}" occurs in "{ask.truth}": {listed(labels)} against {listed(expressions)}.',
            "the same words for the same expressions.",
            f"say which word stands for which with {ask.option('map_labels')}.",
            file=source.name,
        )


def refuse_spellings(
    source: Source, ask: Ask, columns: Iterable[tuple[str, Iterable[str]]], name: str, *, maps: bool
) -> None:
    """Refuse words that differ in case or surrounding space only: nothing is put together in silence."""
    for ways in spellings(columns):
        found = "; ".join(f'"{column}" has {listed(words)}' for column, words in ways)
        mapped = f"map them with {ask.option('map_labels')}, or " if maps else ""
        raise ask.wrong(
            name,
            f"One word is written in several ways: {found}.",
            "one way to write a word.",
            f"{mapped}put them together with {ask.option('fold_case', 'True')}.",
            file=source.name,
        )


def check_levels_number(source: Source, ask: Ask, column: str, levels: Sequence[str]) -> None:
    """Refuse a group of too many values, and levels that are written in several ways."""
    numbers = all(_is_number(level) for level in levels)
    most = ask.max_levels or (MOST_NUMBERS if numbers else ask.max_labels)
    if len(levels) > most:
        bands = (
            f"give bands: {ask.option('bands', f'{column}=0,6,9,12,15,18')}, or "
            if ask.spoken == "options"
            else f'give bands={{"{column}": (0, 6, 9, 12, 15, 18)}}, or '
        )
        raise ask.wrong(
            "groups",
            f'"{column}" has {len(levels):,} values.',
            f"at most {most} {'numbers' if numbers else 'words'} in a group.",
            f"{bands if numbers else ''}allow more with {ask.option('max_levels', str(len(levels)))}.",
            file=source.name,
        )
    refuse_spellings(source, ask, ((column, levels),), "groups", maps=False)


def check_bands(source: Source, ask: Ask, column: str, values: Iterable[str | None]) -> None:
    """Refuse what lies in no band: text that is no number, and infinity."""
    if any(value is not None and int(value) >= ENDLESS for value in values):
        raise ask.wrong(
            "bands",
            f'"{column}" holds what is no {"number" if source.text else "finite number"}.',
            "numbers, or nothing where it is not known.",
            f'mend the column; a word that means "missing" is told with {ask.option("missing", "WORD")}.',
            file=source.name,
        )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def check_strata(source: Source, ask: Ask, levels: Sequence[Sequence[str]], lines: Lines, cells: int) -> None:
    """Refuse so many strata that they hold single faces, or that no memory holds them."""
    strata, stratum = strata_of(lines.group, [len(known) for known in levels])
    rows = np.bincount(stratum, lines.rows, len(strata))
    median = float(np.median(rows))
    if len(strata) * cells > MOST_CELLS or (len(strata) > SPARSE and median < 2):
        raise ask.wrong(
            "groups",
            f"{several(len(ask.groups), 'group')} give {several(len(strata), 'stratum').replace('stratums', 'strata')} "
            f"for {several(float(rows.sum()), 'row')} (median {several(median, 'row')}).",
            "strata of several faces each: one of a single face tells of a person.",
            "leave out a group, or put levels together in bands.",
            file=source.name,
        )


def check_weights(source: Source, ask: Ask, read: Grouped) -> None:
    """Refuse weights that are missing, negative or beyond all measure."""
    if ask.weights is None or not (odd := read.sums["odd"].sum()):
        return
    least = np.nanmin(np.append(read.sums["lightest"], np.inf))
    raise ask.wrong(
        "weights",
        f'"{ask.weights}" is missing, negative or no number in {several(odd, "row")}'
        + (f" (least {least:g})." if least < 0 else "."),
        "a number from 0 up in each row.",
        "give each row a weight, or leave the weights out.",
        file=source.name,
    )


def check_scores(source: Source, ask: Ask, scored: Grouped) -> None:
    """Refuse scores outside 0 to 1, which is where certainty lies."""
    outside = scored.sums["outside"].sum()
    if not outside:
        return
    low, high = np.nanmin(scored.sums["low"]) * ask.score_scale, np.nanmax(scored.sums["high"]) * ask.score_scale
    where = f"0…{ask.score_scale:g}"
    if np.isinf(high) and source.text:
        what, mend = f'"{ask.score}" holds what is no number.', "make numbers of it."
    else:
        what = f'"{ask.score}" is outside {where} in {several(outside, "row")} (least {low:g}, largest {high:g}).'
        percent = ask.score_scale == 1 and low >= 0 and 1 < high <= 100
        mend = (
            f"if it is percent, say so: {ask.option('score_scale', '100')}."
            if percent
            else f"say what certainty is with {ask.option('score_scale', 'N')}, or leave the score out."
        )
    raise ask.wrong("score", what, f"how sure the model was, from 0 to {ask.score_scale:g}.", mend, file=source.name)


def check_paired(source: Source, ask: Ask, column: str, other: Read, answers: Sequence[str]) -> None:
    """Refuse a paired column whose words are not answers of the same kind."""
    words = {w for w in other.words if w is not None}
    if len(words) > ask.max_labels:
        _refuse_many(source, ask, "paired", column, len(words), len(other.codes))
    for w in sorted(words):
        check_word(ask, "paired", column, w, source.name)
    refuse_spellings(source, ask, ((ask.prediction or "", answers), (column, words)), "paired", maps=True)
    if words and answers and not words & set(answers):
        raise ask.wrong(
            "paired",
            f'no word of "{column}" occurs in "{ask.prediction}": {listed(sorted(words))} against '
            f"{listed(sorted(set(answers)))}.",
            "answers of the same model.",
            f"say which word stands for which with {ask.option('map_labels')}.",
            file=source.name,
        )
