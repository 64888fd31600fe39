"""Gaps that come of the expressions that groups happen to show are told as such."""

from __future__ import annotations

from misread.audit.groups import disparities
from misread.report.audit.sections import gaps
from tests.audit.groups.test_mix import mixed


def test_a_gap_that_goes_or_turns_round_with_the_same_mix_is_said_to():
    # Read alike (.9 of sad faces, .4 of happy ones), with other mixes: nothing is left.
    alike = disparities(mixed([(810, 900), (90, 100)], [(40, 100), (360, 900)]))
    (told,) = gaps.plain(alike)
    assert told.endswith("The groups show other expressions: if all showed the same mix, 0 points would be left.")
    # The first group is read better on both, by 5 and 10 points, and shows more of the hard ones.
    turned = disparities(mixed([(95, 100), (810, 900)], [(450, 900), (40, 100)]))
    told = next(said for said in gaps.plain(turned) if said.startswith("Right answers"))
    assert told.endswith("it would turn round, and “g0” be 7.5 points above “g1”.")
    drawn = gaps.forest(turned)
    (line,) = (line for line in drawn.lines if line.name == "Right answers")
    assert line.beside.endswith("; turns round with the same mix of expressions")
    row = dict(zip(drawn.table.head, drawn.table.rows[0], strict=True))
    assert (float(row["with everybody’s mix of expressions"]), float(row["the same, highest less lowest as seen"])) == (
        0.075,
        -0.075,
    )


def test_a_gap_that_stays_is_told_without_it():
    stays = disparities(mixed([(180, 200), (120, 200)], [(120, 200), (60, 200)]))
    assert not any("same mix" in said for said in gaps.plain(stays))
    assert not any("same mix" in line.beside for line in gaps.forest(stays).lines)
    # Of a single expression there is nothing to say.
    recall = dict(zip(gaps.forest(stays).table.head, gaps.forest(stays).table.rows[1], strict=True))
    assert recall["with everybody’s mix of expressions"] == "–"
