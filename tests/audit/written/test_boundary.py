"""Whoever has every file of an audit gets no figure of one to four persons, by sums and differences of all that is told."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from misread.audit.rates import measures
from misread.audit.rates.masks import cells
from misread.audit.reading import Ask, Counted, Facts, count
from misread.audit.result import Audit
from misread.audit.table import CountTable
from misread.audit.table.build import Lines, build
from misread.audit.table.told import LEAST, who_of
from misread.audit.written.build import write
from misread.audit.written.publication.publish import publish
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


@given(st.integers(0, 2**32), st.integers(6, 22), st.integers(1, 3), st.booleans())
@example(3497337205, 20, 2, False)
@example(114642451, 17, 3, True)
@example(1899802526, 14, 2, True)
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


def test_what_is_left_out_is_not_published_either():
    """Small counts are not all: the three light ones who are no children have ten faces read right and five wrong."""
    found = table(("child", "light", 20, ALL), ("adult", "light", 3, ALL), ("adult", "dark", 12, ALL))
    audit = audit_of(found)
    published = publish(audit.table, write(audit), "misread audit")
    lines = published["counts.csv"].splitlines()
    sums = sums_published(lines, ("age", "tone"), found)
    assert len(sums["(all)"]) > 2
    assert all(gets_away(each, found) is None for each in sums.values())
    # By tone nothing is told, not even which counts are small.
    by_tone = [line for line in lines[1:] if line.startswith((",light,", ",dark,"))]
    assert {line.rsplit(",", 1)[1] for line in by_tone} == {"x"}
    assert not [line for line in published["estimates.csv"].splitlines() if "light" in line or "dark" in line]


@given(st.integers(0, 2**32), st.integers(8, 20))
@settings(max_examples=6, deadline=None)
def test_no_publication_tells_of_few(seed, persons):
    found = made(seed, persons, 2, nested=True)
    try:
        audit = audit_of(found)
    except MisreadError:
        return
    if audit.table.levels != found.levels:
        return
    lines = publish(audit.table, write(audit), "misread audit")["counts.csv"].splitlines()
    assert all(gets_away(each, found) is None for each in sums_published(lines, found.columns, found).values())


def test_raters_are_told_of_by_groups_of_which_everything_is():
    """All less the children would be three persons here as well."""
    rows, who = [], 0
    for age, tone, persons in (("child", "light", 20), ("adult", "light", 3), ("adult", "dark", 12)):
        for _ in range(persons):
            for face in range(10):
                shown = ALL[face % 2]
                rows.append(
                    (f"p{who}", age, tone, shown, ALL[(face + (face > 7)) % 2], 2 + face % 4, 3 - face % 4 // 2)
                )
            who += 1
    names = ("who", "age", "tone", "shown", "said", *ALL)
    frame = pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
    asked = Ask(truth="shown", prediction="said", groups=("age", "tone"), person="who", votes=ALL)
    told = {e.group[0][0] for e in Audit(count(frame, asked)).ceiling.estimates if e.group}
    assert told == {"age"}
    alone = Audit(count(frame, replace(asked, prediction=None, groups=("tone", "age"))))
    assert {e.group[0][0] for e in alone.ceiling.estimates if e.group} == {"tone"}


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


def scored(persons, without, *, rows=20, score=lambda _, i: 0.5 + i % 5 / 10):
    """Faces of so many persons, half of them x and half y, of whom some have no scores."""
    return pa.table(
        {
            "who": [f"p{who}" for who in range(persons) for _ in range(rows)],
            "g": ["xy"[2 * who >= persons] for who in range(persons) for _ in range(rows)],
            "shown": ["ab"[i % 2] for _ in range(persons) for i in range(rows)],
            "said": ["ab"[(i + who) % 3 > 0] for who in range(persons) for i in range(rows)],
            "sure": [None if who in without else score(who, i) for who in range(persons) for i in range(rows)],
        }
    )


SCORED = Ask(truth="shown", prediction="said", groups=("g",), person="who", score="sure")


@pytest.mark.parametrize(
    ("persons", "without", "everybody", "by_group"),
    [
        (12, set(), True, True),
        # All less those with a score would be three persons.
        (12, {9, 10, 11}, False, False),
        # Five have none; by group one of x and four of y.
        (24, {0, 20, 21, 22, 23}, True, False),
        (24, {0, 1, 2, 3, 4, 20, 21, 22, 23, 19}, True, True),
        # Of y three persons have a score: everybody's less all faces of x would be theirs.
        (24, set(range(12, 21)), False, False),
    ],
)
def test_scores_of_few_persons_are_not_told_nor_of_few_without(persons, without, everybody, by_group):
    audit = Audit(count(scored(persons, without), SCORED))
    assert [len(audit.calibration()), len(audit.calibration(within=["g"]))] == [everybody, 2 * by_group]
    said = [warning for warning in audit.facts.warnings if "how sure answers were is not told" in warning]
    assert len(said) == (not (everybody and by_group))


def test_a_bin_of_scores_is_of_five_persons():
    """A score that one face alone has would tell whether this face was read right."""
    odd = scored(12, set(), score=lambda who, i: 0.123457 if (who, i) == (3, 4) else 0.5 + i % 5 / 10)
    written = write(Audit(count(odd, SCORED)))
    everybody, *groups = written.calibration
    # It is told with those of 0.5; all others are those of twelve persons, four times each.
    assert sorted(bin.n for bin in everybody.bins if bin.n) == [47, 48, 48, 48, 49]
    (low,) = [bin for bin in everybody.bins if bin.low < 0.124 < bin.high]
    assert (low.n, low.high > 0.5) == (49, True)
    assert len(groups) == 2
    assert not any(found.bins for found in groups)
    assert [found.n for found in groups] == [120, 120]
    # Where nobody is known to be shown twice, bins are told as they are.
    loose = write(Audit(count(odd, replace(SCORED, person=None))))
    assert all(len(found.bins) == 20 for found in loose.calibration)


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


def untold(**more):
    """Forty persons; of one of them nine more faces, whose truth nobody knows."""
    table = scored(40, set())
    nine = {"who": ["p1"] * 9, "g": ["x"] * 9, "shown": [None] * 9, "said": ["c"] * 9, "sure": [0.9] * 9}
    return pa.concat_tables([table, pa.table(nine, schema=table.schema)])


def test_faces_without_truth_are_told_by_number_alone():
    """Whose they are nobody knows: their answers might be one person's."""
    table = untold()
    table = table.append_column("masked", table["said"])
    audit = Audit(count(table, replace(SCORED, paired=("masked",))), permutations=19, replicates=100)
    written = write(audit)
    assert written.source.missing_truth == 9
    assert "c" not in written.labels
    assert audit.flips["masked"].overall.n == 800
    texts, _ = files_of(audit, written)
    texts |= {f"publication/{name}": text for name, text in publish(audit.table, written, "misread audit").items()}
    assert not [line for line in texts["publication/counts.csv"].splitlines() if "(missing)" in line]
    assert not [name for name, text in texts.items() if "masked,c" in text or '"c"' in text or ",c," in text]


def test_missing_answers_of_faces_that_are_left_out_do_not_follow():
    table = scored(40, set())
    pride = {
        "who": ["p1"] * 4,
        "g": ["x"] * 4,
        "shown": ["pride"] * 4,
        "said": [None, None, None, "a"],
        "sure": [0.9] * 4,
    }
    audit = Audit(count(pa.concat_tables([table, pa.table(pride, schema=table.schema)]), SCORED))
    assert audit.facts.missing_answers == ()
    assert not [warning for warning in audit.facts.warnings if "are missing" in warning]
    assert [e.hits for e in audit.overall if e.statistic == "none_share"] == [0]


def test_the_person_effect_is_of_all_faces():
    """Of persons with two faces or more alone it would tell of the one who has a single face."""
    table = scored(40, set())
    one = {"who": ["solo"], "g": ["x"], "shown": ["a"], "said": ["b"], "sure": [0.9]}
    audit = Audit(count(pa.concat_tables([table, pa.table(one, schema=table.schema)]), SCORED))
    rate = next(e for e in audit.overall if (e.statistic, e.label) == ("false_positive_rate", "b"))
    effect = audit.effect.find("b")
    assert (effect.faces, effect.hits) == (rate.n, rate.hits)


def test_a_group_of_few_beside_nobody_knows_who_tells_nothing():
    audit = Audit(count(scored(12, set()).set_column(1, "g", [["x"] * 60 + [None] * 180]), SCORED))
    assert audit.table.levels == (("x", "(missing)"),)
    assert all(part.rows[0].left_out for part in write(audit).margins[1].parts)


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
