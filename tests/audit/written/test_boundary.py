"""Whoever has every file of an audit gets no figure of one to four persons, by sums and differences of all that is told."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.audit.rates import measures
from misread.audit.rates.masks import cells
from misread.audit.reading import Ask, Counted, Facts, count
from misread.audit.result import Audit
from misread.audit.table import CountTable
from misread.audit.table.build import Lines, build
from misread.audit.table.told import LEAST, who_of
from misread.audit.written.build import write
from misread.audit.written.told.estimates import to_csv
from misread.errors import MisreadError
from tests.audit.rates.made import Row, table_of

DATA = Path(__file__).parents[4] / "shared" / "data"
OPTIONS = ("anger", "disgust", "fear", "happiness", "neutral", "sadness")


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
                np.testing.assert_array_equal(row["counts"], table.counts[inside, e].sum(axis=0))
                rows[e] = row["counts"]
                if any(row["counts"]):
                    sum_ = np.zeros((S, E), dtype=bool)
                    sum_[inside, e] = True
                    told.append(sum_.reshape(-1))
            parts[tuple(part["levels"].items())] = rows
    return np.array(told).reshape(-1, S * E), parts


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


@given(st.integers(0, 2**32), st.integers(6, 22), st.integers(1, 3), st.booleans())
@settings(max_examples=25)
def test_nothing_of_one_to_four_persons_can_be_had(seed, persons, columns, nested):
    attacked(made(seed, persons, columns, nested=nested))


@pytest.mark.long
@given(st.integers(0, 2**32), st.integers(6, 30), st.integers(1, 4), st.booleans(), st.sampled_from([0.0, 0.1, 0.3]))
@settings(max_examples=400, deadline=None)
def test_nothing_of_one_to_four_persons_can_be_had_at_length(seed, persons, columns, nested, rare):
    attacked(made(seed, persons, columns, rare=rare, nested=nested))


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


def test_without_the_rule_the_attack_succeeds():
    """Two columns that differ by three persons: the light ones less the children are these three."""
    found = table(("child", "light", 20, ALL), ("adult", "light", 3, ALL), ("adult", "dark", 12, ALL))
    S, E, _ = found.counts.shape
    sums = []
    for columns in ((), ("age",), ("tone",)):
        margin = found.margin(*columns)
        for s in range(len(margin.strata)):
            inside = [margin.names(s).items() <= found.names(i).items() for i in range(S)]
            for e in range(E):
                sum_ = np.zeros((S, E), dtype=bool)
                sum_[inside, e] = True
                sums.append(sum_.reshape(-1))
    assert gets_away(np.array(sums), found) is not None
    written = attacked(found)
    assert any("groups left out" in warning for warning in written.warnings)
    # What comes first is told whole.
    assert not any(part.left_out for part in written.margins[1].parts)
    assert any(part.left_out for part in written.margins[2].parts)


def test_levels_of_few_persons_are_one_if_they_are_five_together():
    written = attacked(table(("child", "light", 3, ALL), ("adult", "light", 2, ALL), ("(missing)", "light", 20, ALL)))
    (age, _) = written.columns
    assert set(age.levels) == {"(few)", "(missing)"}
    assert [part.persons for part in written.margins[1].parts] == [5, 20]
    assert any('2 levels of "age" with fewer than 5 persons each are one level now' in w for w in written.warnings)


def test_else_they_are_told_with_the_largest_level():
    written = attacked(table(("child", "light", 3, ALL), ("adult", "light", 20, ALL), ("(missing)", "light", 6, ALL)))
    assert {part.levels["age"]: part.persons for part in written.margins[1].parts} == {
        "adult + (few)": 23,
        "(missing)": 6,
    }


def test_an_expression_that_few_show_is_in_no_figure():
    written = attacked(
        table(("child", "light", 3, ("joy", "fear")), ("child", "dark", 20, ALL), ("child", "light", 9, ALL))
    )
    (everybody,) = written.margins[0].parts
    fear = written.expressions.index("fear")
    assert [row.left_out for row in everybody.rows] == [e == fear for e in range(4)]
    accuracy = next(e for e in written.estimates if e.statistic == "accuracy" and not e.group)
    assert accuracy.note == "without fear: too few persons"
    recall = next(e for e in written.estimates if (e.statistic, e.expression) == ("recall", "fear") and not e.group)
    assert (recall.value, recall.hits, recall.n) == (None, None, 0)
    assert recall.note == "left out: too few persons"
    assert any("fewer than 5 persons show {fear}" in w or "fear" in w for w in written.warnings)


def test_one_that_few_of_a_level_show_is_in_no_figure_of_the_column():
    found = table(("child", "light", 9, ALL), ("child", "dark", 20, ("joy", "fear")), ("child", "light", 3, ("fear",)))
    written = attacked(found)
    fear = written.expressions.index("fear")
    by_tone = next(margin for margin in written.margins if margin.columns == ("tone",))
    assert all(part.rows[fear].left_out for part in by_tone.parts)
    assert not written.margins[0].parts[0].rows[fear].left_out
    assert any('by "tone", faces that show' in w for w in written.warnings)


def test_a_column_that_names_persons_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    lines = [f"p{i % 8},n{i % 8},{'ab'[i % 2]},{'ab'[i // 8 % 2]}" for i in range(80)]
    path.write_text("who,name,shown,said\n" + "\n".join(lines))
    asked = {"truth": "shown", "prediction": "said", "person": "who"}
    with pytest.raises(MisreadError, match="8 of them are one person each: it tells persons apart"):
        Audit(count(path, Ask(**asked, groups=("name",))))
    assert Audit(count(path, Ask(**asked))).facts.persons == 8


def test_of_fewer_than_five_persons_nothing_is_told(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("who,shown,said\n" + "\n".join(f"p{i % 4},{'ab'[i % 2]},a" for i in range(80)))
    with pytest.raises(MisreadError, match="4 persons only in 'who': nothing is told of so few"):
        Audit(count(path, Ask(truth="shown", prediction="said", person="who")))


def test_rows_that_are_a_person_each_are_persons_all_the_same(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "who,g,shown,said\n" + "\n".join(f"p{i},{'xy'[i >= 37]},{'ab'[i % 2]},{'ab'[i % 3 > 0]}" for i in range(40))
    )
    audit = Audit(count(path, Ask(truth="shown", prediction="said", groups=("g",), person="who")))
    assert audit.table.people is None
    assert audit.table.levels == (("x + (few)",),)


def test_scores_of_few_persons_are_not_told(tmp_path):
    path = tmp_path / "a.csv"
    rows = [
        f"p{i % 12},{'xy'[i % 12 > 5]},{'ab'[i % 2]},{'ab'[i % 3 > 0]},{0.5 + i % 5 / 10 if i % 12 < 9 else ''}"
        for i in range(240)
    ]
    path.write_text("who,g,shown,said,sure\n" + "\n".join(rows))
    audit = Audit(count(path, Ask(truth="shown", prediction="said", groups=("g",), person="who", score="sure")))
    assert len(audit.calibration()) == 1
    # Of six persons of y three have scores: neither theirs nor those of x, which would give them by subtraction.
    assert audit.calibration(within=["g"]) == ()


def test_other_answers_to_the_same_faces_are_not_told_of_few(tmp_path):
    """By g nothing is told of fear: so neither what all faces were answered under another condition."""
    path = tmp_path / "a.csv"
    rows = []
    for who in range(20):
        words = ("fear",) if who in (0, 1, 2) else ("joy", "fear") if who > 9 else ("joy",)
        rows += [f"p{who},{'xy'[who > 9]},{words[i % len(words)]},{'joy' if i % 3 else 'fear'},joy" for i in range(8)]
    path.write_text("who,g,shown,said,masked\n" + "\n".join(rows))
    audit = Audit(count(path, Ask(truth="shown", prediction="said", groups=("g",), person="who", paired=("masked",))))
    flips = audit.flips["masked"]
    assert flips.overall.n == 160
    assert {e.n for found in flips.groups for e in found} == {0}


@pytest.mark.skipif(not DATA.exists(), reason="needs the data folder")
@pytest.mark.parametrize("groups", [("race",), ("sex", "race")])
def test_the_one_actor_of_unknown_race(groups):
    counted = count(
        DATA / "cremad_votes.csv", Ask(truth="expression", votes=OPTIONS, groups=groups, person="actor", unit="clips")
    )
    audit = Audit(counted, permutations=19, replicates=100)
    written = write(audit)
    said = json.loads(written.text())
    sums, parts = sums_told(said, counted.table)
    assert len(sums)
    assert gets_away(sums, counted.table) is None
    follow_from_counts(said["estimates"], parts, counted.table)
    texts, _ = files_of(audit, written)
    assert not [name for name, text in texts.items() if "Unknown" in text]
    assert "Unknown" not in to_csv(written.estimates, groups)
    assert {"African American", "Asian", "Caucasian + (few)"} == set(written.columns[-1].levels)


def files_of(audit, written):
    from misread.report.audit.files import files as made_files

    return made_files(audit, written, command="misread audit")
