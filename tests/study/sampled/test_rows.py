"""A school's rows, entry by entry, against the arrays they come from."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from misread.deployment import load, resolve_profiles
from misread.engine.chain import compile_chain
from misread.engine.sampled.outcome import School
from misread.findings.sampled import chances
from misread.study.sampled.rows import rows_of
from tests.findings.test_enumerated import TINY


@pytest.fixture(scope="module")
def drawn(further):
    """A deployment, its chain, and a school of noise."""
    chain = compile_chain(further, resolve_profiles(further))
    return further, chain, noise(further, chain)


def noise(deployment, chain):
    """A school whose entries are noise: nothing follows from anything."""
    draws = np.random.default_rng(1)
    rules, marks, decisions = map(len, (deployment.rules, deployment.file.marks, deployment.decisions))
    years, pupils = chain.years, 70
    blank = dict.fromkeys(School.__dataclass_fields__, np.zeros(0, dtype=np.int32))
    blank |= {
        "school": 6,
        "kind": draws.integers(0, chain.kinds, pupils).astype(np.int16),
        "klass": (np.arange(pupils) // 30).astype(np.int32),
        "watched": draws.random(pupils) < 0.8,
        "view": draws.integers(0, 2, (years, pupils)).astype(np.int16),
        "flags": draws.integers(0, 50, (2, rules, years, pupils)).astype(np.int32),
        "false": draws.integers(0, 50, (2, rules, years, pupils)).astype(np.int32),
        "mark_day": draws.integers(-1, years * chain.days, (2, marks, pupils)).astype(np.int32),
        "unearned": draws.random((2, marks, pupils)) < 0.5,
        "at_decision": draws.integers(0, 5, (2, decisions, pupils)).astype(float),
    }
    return School(**blank)


def test_a_row_a_pupil_and_year_with_all_that_is_known(drawn):
    deployment, chain, school = drawn
    rows = rows_of(school, chain, deployment).to_pylist()
    assert len(rows) == 70 * 2
    left_out = deployment.population.opt_out_rank == "left out"
    for row in rows:
        p, y = row["pupil"] - 1, row["year"] - 1
        stratum = school.kind[p] * 2
        assert (row["school"], row["class"]) == (7, p // 30 + 1)
        assert row["group"] == chain.groups[chain.group[stratum]]
        assert row["view"] == ("front", "back")[school.view[y, p]]
        assert row["trait: sad face"] == chain.level[stratum, 0] + 1
        assert row["watched"] == school.watched[p]
        for r, rule in enumerate(deployment.rules):
            for reader, begins in ((0, ""), (1, "perfect reader: ")):
                assert row[f"{begins}flags: {rule.name}"] == school.flags[reader, r, y, p]
                assert row[f"{begins}false flags: {rule.name}"] == school.false[reader, r, y, p]
        day = school.mark_day[0, 0, p]
        earned = y * chain.days <= day < (y + 1) * chain.days
        assert row["mark: word"] == earned
        assert row["unearned mark: word"] == (earned and school.unearned[0, 0, p])
        for d, decision in enumerate(deployment.decisions):
            for reader, begins in ((0, ""), (1, "perfect reader: ")):
                file = school.at_decision[reader, d]
                chance = chances(file, school.watched, decision, deployment.population.opt_out_rank)
                taken = decision.after_year == y + 1 and (school.watched[p] or not left_out)
                assert row[f"{begins}decision: {decision.name}"] == (chance[p] if taken else None)


def test_rows_stand_pupil_by_pupil_and_each_once(drawn):
    deployment, chain, school = drawn
    table = rows_of(school, chain, deployment)
    keys = list(zip(table["pupil"].to_pylist(), table["year"].to_pylist(), strict=True))
    assert keys == sorted(set(keys))


def test_columns_without_further_tables(tmp_path):
    (tmp_path / "tiny.toml").write_text(TINY)
    deployment = load(tmp_path / "tiny.toml")
    chain = compile_chain(deployment, resolve_profiles(deployment))
    names = rows_of(noise(deployment, chain), chain, deployment).schema.names
    assert names[:6] == ["school", "pupil", "class", "year", "group", "watched"]
    assert all("flags: " in name or "mark: " in name for name in names[6:])


def test_decisions_are_numbers_even_where_nobody_is_ranked(drawn):
    deployment, chain, school = drawn
    schema = rows_of(school, chain, deployment).schema
    assert schema.field("decision: advanced class").type == pa.float64()
