"""An attack on an audit: which sums its files tell, and whether some combination of them is about one to four persons."""

from __future__ import annotations

import json
from itertools import combinations

import numpy as np
import pytest

from misread.audit.rates import measures
from misread.audit.rates.masks import cells
from misread.audit.reading import Counted, Facts
from misread.audit.result import Audit
from misread.audit.table import CountTable
from misread.audit.table.build import Lines, build
from misread.audit.table.told import LEAST, who_of
from misread.audit.written.build import write
from misread.errors import MisreadError
from tests.audit.rates.made import Row, table_of


def made(seed, persons, columns, faces=6, rare=0.15, nested=False) -> CountTable:
    """Persons with a level of each column, some levels rare, who show some of three expressions."""
    rng = np.random.default_rng(seed)
    levels = [tuple("abc"[: 2 + int(rng.integers(2))]) for _ in range(columns)]
    home = np.stack(
        [rng.choice(len(known), persons, p=_shares(rng, len(known), rare)) for known in levels], axis=1
    ).reshape(persons, columns)
    if nested and columns > 1:
        # The second column is nearly the first: what they differ by is a few persons.
        home[:, 1] = np.where(rng.random(persons) < 0.9, np.minimum(home[:, 0], len(levels[1]) - 1), home[:, 1])
    person = np.repeat(np.arange(persons), faces)
    shows = rng.random((persons, 3)) < 0.6
    shows[:, 0] |= ~shows.any(axis=1)
    truth = np.array([rng.choice(np.flatnonzero(shows[who])) for who in person])
    answer = np.where(rng.random(len(person)) < 0.6, truth, rng.integers(0, 4, len(person)))
    return build(
        Lines(home[person], truth, answer, np.ones(len(person), dtype=np.int64), person=person),
        expressions=("anger", "fear", "joy"),
        labels=("anger", "fear", "joy", "none"),
        columns=[f"c{i}" for i in range(columns)],
        levels=levels,
    )


def _shares(rng, k, rare):
    share = rng.dirichlet(np.ones(k)) * (1 - rare)
    share[-1] += rare
    return share / share.sum()


def audit_of(table):
    facts = Facts("made", "csv", rows=int(table.total), persons=table.people.k)
    return Audit(Counted(table, facts=facts), permutations=19, replicates=100)


def sums_told(said, table):
    """Each sum of counts that a file tells: which finest rows (stratum, expression) it adds up, checked by its figures."""
    S, E, _ = table.counts.shape
    levels = {column["name"]: column["levels"] for column in said["columns"]}
    names = [{c: called(v, levels[c]) for c, v in table.names(s).items()} for s in range(S)]
    # Answers that nothing told is about are none of the audit's words.
    place = [table.labels.index(label) for label in said["labels"]]
    told, parts = [], {}
    for margin in said["margins"]:
        for part in margin["parts"]:
            inside = np.array([part["levels"].items() <= name.items() for name in names])
            rows = np.zeros((E, len(table.labels)))
            for e, row in enumerate(part["rows"]):
                if row["left_out"]:
                    assert not any(row["counts"])
                    assert (row["n_eff"], row["persons"]) == (None, None)
                    continue
                rows[e, place] = row["counts"]
                np.testing.assert_array_equal(rows[e], table.counts[inside, e].sum(axis=0))
                if any(row["counts"]):
                    sum_ = np.zeros((S, E), dtype=bool)
                    sum_[inside, e] = True
                    told.append(sum_.reshape(-1))
            parts[tuple(part["levels"].items())] = rows
    return np.array(told).reshape(-1, S * E), parts


def sums_published(lines, columns, table):
    """Each sum of counts that a publication tells, by label: which finest rows it adds up, checked by its figures."""
    S, E, _ = table.counts.shape
    names = [table.names(s) for s in range(S)]
    told = {}
    for line in lines[1:]:
        *levels, expression, label, count = line.split(",")
        if not count.isdigit() or count == "0":
            continue
        wanted = {column: level for column, level in zip(columns, levels, strict=True) if level}
        inside = np.array([wanted.items() <= name.items() for name in names])
        e, part = table.expressions.index(expression), table.counts[inside, table.expressions.index(expression)]
        assert int(count) == (part.sum() if label == "(all)" else part[:, table.labels.index(label)].sum())
        sum_ = np.zeros((S, E), dtype=bool)
        sum_[inside, e] = True
        told.setdefault(label, []).append(sum_.reshape(-1))
    return {label: np.array(sums) for label, sums in told.items()}


def called(level, levels):
    """What a level is called in the files: its own name, or that of the one it was put together with."""
    for known in levels:
        if known.removesuffix(" + (few)") == level:
            return known
    return next(known for known in levels if "(few)" in known)


def gets_away(sums, table, most=10):
    """A set of one to four persons about whom alone some combination of the sums is; by ranks, set by set."""
    who = who_of(table)
    E = len(table.expressions)
    rows = {}
    for stratum, expression, person in zip(who.stratum, who.expression, who.person, strict=True):
        rows.setdefault(int(stratum) * E + int(expression), set()).add(int(person))
    small = {row: persons for row, persons in rows.items() if len(persons) < LEAST}
    single = sorted(set().union(*small.values())) if small else []
    if not len(sums):
        return None
    rank = np.linalg.matrix_rank(sums.astype(float))
    seen = set()
    for size in range(1, LEAST):
        for few in combinations(single, size):
            inside = frozenset(row for row, persons in small.items() if persons <= set(few))
            if inside and inside not in seen:
                seen.add(inside)
                others = np.delete(sums, list(inside), axis=1).astype(float)
                if np.linalg.matrix_rank(others) < rank:
                    return few
    return None


def attacked(table):
    """Every file of an audit, attacked; None where nothing is told at all."""
    try:
        audit = audit_of(table)
    except MisreadError:
        return None
    written = write(audit)
    said = json.loads(written.text())
    sums, parts = sums_told(said, table)
    assert gets_away(sums, table) is None
    follow_from_counts(said["estimates"], parts, table)
    names = {level for column in said["columns"] for level in column["levels"]}
    for d in written.disparities:
        assert {d.highest, d.lowest} <= names | {""}
    return written


def follow_from_counts(estimates, parts, table):
    """Every figure is made of counts that are told: it adds nothing that could be subtracted."""
    of = {m.key: m for m in (*measures(table), *cells(table))}
    for e in estimates:
        rows = parts[tuple(tuple(pair) for pair in e["group"])]
        measure = of.get((e["statistic"], e["expression"], e["label"]))
        if measure is None:
            assert e["n"] == rows.sum()
            assert e["value"] is None or rows.any()
            continue
        n, hits = (rows * measure.of).sum(), (rows * (measure.hits & measure.of)).sum()
        assert e["n"] == n
        if e["note"].startswith("left out") or (e["persons"] is not None and e["persons"] < LEAST):
            assert (e["value"], e["hits"], e["low"], e["high"], e["n_eff"]) == (None,) * 5
        else:
            assert e["hits"] == hits
            assert e["value"] == pytest.approx(hits / n, abs=1e-12)


def faces(*groups):
    """Ten faces each of so many persons of (age, tone), a word in each."""
    who = 0
    for age, tone, persons, words in groups:
        for _ in range(persons):
            for face in range(10):
                truth = words[face % len(words)]
                yield Row(age, tone, truth, truth if (who + face) % 3 else "none", who)
            who += 1


ALL = ("anger", "joy")


def table(*groups):
    return table_of(list(faces(*groups)), persons=True)


def files_of(audit, written):
    from misread.report.audit.files import files as made_files

    return made_files(audit, written, command="misread audit")
