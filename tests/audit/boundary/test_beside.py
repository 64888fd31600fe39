"""Nor beside its counts: by certainty, other conditions, raters, the person effect, what is missing, or the publication."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.audit.reading import Ask, count
from misread.audit.result import Audit
from misread.audit.written.build import write
from misread.audit.written.publication.publish import publish
from misread.errors import MisreadError
from tests.audit.boundary.attack import (
    ALL,
    audit_of,
    files_of,
    gets_away,
    made,
    sums_published,
    table,
)


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
    # Scores are added over all expressions: those of the others would give away what was left out.
    assert audit.calibration() == audit.calibration(within=["g"]) == ()
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


def test_conditions_of_which_nothing_is_told_are_named_in_their_order():
    table = scored(40, set())
    pride = {"who": ["p1"], "g": ["x"], "shown": ["pride"], "said": ["a"], "sure": [0.9]}
    table = pa.concat_tables([table, pa.table(pride, schema=table.schema)])
    names = [f"condition {i}" for i in range(8)]
    for name in names:
        table = table.append_column(name, table["said"])
    audit = Audit(count(table, replace(SCORED, paired=tuple(names))))
    assert not audit.flips
    assert [w.split('"')[1] for w in audit.facts.warnings if "nothing is told" in w] == names
