"""What a policy would change: both runs found again by the command, differences that are differences."""

from __future__ import annotations

import json
from functools import cache

import pytest
from click.testing import CliRunner

from misread.cli import cli
from misread.findings.about import KEYS
from misread.rights.board.numbers import HELD, SHOWN, blocks, changed
from misread.rights.board.policies import IDS
from misread.rights.paper.blocks import Paragraph, Table, said

INTERVALS = "retention-and-audit"
"""The policy that is counted with intervals; for the others values do."""


def draws(id):
    return 4 if id == INTERVALS else 0


@cache
def found(id):
    return changed(id, "as-described", draws=draws(id), seed=1)


@cache
def printed(id):
    """What `misread compare` prints: findings of both, and differences, each key → value and interval."""
    args = ["compare", "as-described", id, "--draws", str(draws(id)), "--json"]
    result = CliRunner().invoke(cli, args)
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    first, second = (d["name"] for d in answer["deployments"])
    by = {name: {_key(f): _band(f) for f in answer["findings"] if f["deployment"] == name} for name in (first, second)}
    return by[first], by[second], {_key(d): _band(d) for d in answer["differences"]}


def _band(row):
    return row["value"], row["low"], row["high"]


def _key(row):
    return (row["id"], row["rule"], row["group"], *(row.get(k) for k in KEYS))


def table(id, head):
    (block,) = (b for b in blocks(found(id), "command") if isinstance(b, Table) and b.head[0] == head)
    return [[said(cell) for cell in row] for row in block.rows]


@pytest.mark.parametrize("id", IDS)
def test_all_is_what_the_command_prints(id):
    before, after, differences = printed(id)
    assert len(found(id).rows) >= 12
    for row in found(id).rows:
        key = _key(row.before.row())
        assert _band(row.before.row()) == before[key]
        if row.after is not None:
            assert _band(row.after.row()) == after[key]
        if row.difference is not None:
            d = row.difference
            assert (d.value, d.low, d.high) == differences[key]
            assert d.value == pytest.approx(row.after.value - row.before.value, rel=1e-9, abs=1e-9)
    assert any(row.before.low is not None for row in found(id).rows) == (id == INTERVALS)


def test_a_ban_leaves_nobody_to_count():
    for row in found("ban").rows:
        if row.before.id in ("observations", "alerts_per_teacher_day"):
            assert row.after.value == 0
            assert row.difference.value == -row.before.value
        else:
            assert row.after is None
    shown = {row[0]: row[1:] for row in table("ban", "What is counted")}
    (looks,) = (v for k, v in shown.items() if "observations" in k)
    assert looks[1] == "0"
    assert looks[2] == "−100 billion"
    assert {v[1] for k, v in shown.items() if ", rule" in k} == {"no such rule", "no such mark"}
    (family,) = (v for k, v in shown.items() if "alerts_per_family_year" in k)
    assert family[1:] == ["nobody is watched", "–"]


def test_forgetting_changes_what_is_kept_and_nothing_that_is_wrong():
    for row in found("retention-and-audit").rows:
        if row.before.id == "flags_on_file_end":
            assert row.after.value < row.before.value / 50
        elif row.before.mark:
            assert row.after is None
        else:
            assert row.difference.value == pytest.approx(0, abs=1e-12)
    shown = table("retention-and-audit", "What is counted")
    assert {row[3] for row in shown if "false_flags_per_pupil_year" in row[0]} == {"none"}


def test_opting_in_changes_how_many_are_looked_at_and_nothing_about_them():
    for row in found("opt-in").rows:
        if row.before.id in ("observations", "alerts_per_teacher_day"):
            assert row.after.value == pytest.approx(0.3 * row.before.value)
        else:
            assert row.difference.value == pytest.approx(0, abs=1e-12)


def test_limits_of_the_moratorium_stand_beside_findings():
    plain, _, _ = printed("moratorium")
    held = found("moratorium").held
    assert {clause for clause, _ in held} == set(HELD)
    assert [f.id for _, f in held if f.rule == "negative affect"] == [id for ids in HELD.values() for id in ids]
    assert all(_band(f.row()) == plain[_key(f.row())] for _, f in held)
    assert len(table("moratorium", "Clause")) == len(held)
    assert found("ban").held == ()


def test_what_is_shown_has_its_id_and_what_it_rests_on():
    made = list(blocks(found("opt-in"), "misread compare as-described opt-in --draws 0"))
    text = " ".join(said(b.words) for b in made if isinstance(b, Paragraph))
    assert "misread compare as-described opt-in --draws 0" in text
    assert "never measured on a child" in text
    ids = {row.before.id for row in found("opt-in").rows}
    assert ids <= set(SHOWN)
    shown = table("opt-in", "What is counted")
    assert all(any(id in row[0] for id in ids) for row in shown)
    assert any("assumed" in row[1] for row in table("opt-in", "Part of the deployment"))
