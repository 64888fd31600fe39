"""docs/audit/worked.md is what its own commands print: `python -m tests.audit.real.page` writes it anew."""

from __future__ import annotations

import re

import numpy as np
import pytest

from misread.audit.groups.power import seen_with
from tests.audit.real.files import DATA, of_clips, of_product
from tests.audit.real.page import PAGE, TABLE, commands, laid_out, outputs, with_outputs, with_tables
from tests.audit.real.tables import tables, traits

TEXT = PAGE.read_text(encoding="utf-8")
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real answers is not here")


def test_audits_print_what_the_page_shows(tmp_path):
    assert with_outputs(TEXT, outputs(TEXT, laid_out(tmp_path), runs=False)) == TEXT


@pytest.mark.long
def test_schools_print_what_the_page_shows(tmp_path):
    told = outputs(TEXT, laid_out(tmp_path), runs=True)
    assert with_outputs(TEXT, told) == TEXT


def test_tables_hold_what_audits_and_catalogue_say():
    rows = tables()
    assert sorted(found["mark"] for found in TABLE.finditer(TEXT)) == sorted(rows)
    assert all(len(found) >= 3 for found in rows.values())
    assert with_tables(TEXT, rows) == TEXT


def test_every_command_of_the_page_is_run():
    shown = [line for lines, _ in commands(TEXT) for line in lines]
    assert [line.split()[:2] for line in shown if line.startswith("misread ")] == [
        line.split()[:2] for line in TEXT.splitlines() if line.startswith("misread ")
    ]
    assert sum(line.startswith("misread audit") for line in shown) == 8
    assert sum(line.startswith("misread run") for line in shown) == 5
    assert all(output is None or output for _, output in commands(TEXT))


def test_a_changed_figure_would_be_seen(tmp_path):
    changed = TEXT.replace("Right: 57.4 % (55.6 to 59.2 %).", "Right: 57.5 % (55.6 to 59.2 %).")
    assert changed != TEXT
    lines = next(i for i, (block, _) in enumerate(commands(TEXT)) if any("--out face" in line for line in block))
    told = [None] * lines + [[output for _, output in commands(TEXT)][lines]]
    told += [None] * (len(list(commands(TEXT))) - len(told))
    assert with_outputs(changed, told) == TEXT


def test_figures_between_the_blocks():
    said = " ".join(TEXT.split())
    rows, persons = (of_clips(person=person).overall.of("accuracy")[0] for person in (None, "actor"))
    assert f"The second interval is {(persons.high - persons.low) / (rows.high - rows.low):.1f} times as wide" in said
    gaps = of_clips("race", "sex").disparities
    shown = {(g.expression, g.column): g for g in gaps if g.statistic in ("accuracy", "recall")}
    assert 0.4 < shown[None, "race"].p < 0.6  # "every second time"
    assert all(g.adjusted > 0.05 for g in gaps if g.column == "race")
    # "that much less often on their faces, one such study in three"
    rates = of_clips("race").rates("race")
    at, asian = rates.of("recall", "fear"), [rates.table.names(s)["race"] == "Asian" for s in range(3)]
    n, middle = rates.n_eff[:, at], (rates.value * rates.n_eff)[:, at].sum() / rates.n_eff[:, at].sum()
    lower = np.where(asian, middle - shown["fear", "race"].visible, middle)
    assert seen_with(n, lower, units=90) == pytest.approx(1 / 3, abs=0.05)
    assert shown["sadness", "race"].seen > shown["sadness", "race"].chance_high
    assert max(shown[word, "sex"].adjusted for word in ("fear", "sadness")) < 0.05
    assert f"one of {len(gaps)} comparisons is expected there" in said
    right = {product: of_product(product).overall.of("accuracy")[0].value for product in ("FACET", "AFFDEX")}
    for product, share in (("FACET", 96.0), ("AFFDEX", 72.3)):
        counts = of_product(product).table
        seven = [e for e, word in enumerate(counts.expressions) if word not in ("neutral", "pride", "embarrassment")]
        hits = (counts.margin().counts[0] * counts.right)[seven].sum()
        assert f"{100 * hits / counts.margin().counts[0][seven].sum():.1f}" == f"{share}"
    assert "With the answers here it is 96.0 and 72.3 %" in said
    m14 = next(float(x) for x in re.findall(r"Right: ([\d.]+) % \(26", TEXT))
    assert (
        f"one product reads {100 * right['FACET']:.0f} % right, another {100 * right['AFFDEX']:.0f} %, people"
        f" {100 * persons.value:.0f} % of acted clips, and a network {m14:.0f} % of films"
    ) in said
    for _, shown, actors, children in traits():
        # "On neutral faces as the actors do; on others less"
        assert (
            children == pytest.approx(actors, rel=0.05)
            if shown == "neutral"
            else 0.6 * actors < children < 0.97 * actors
        )
    half = 1.96 * (0.326 * 0.674 / 280_532) ** 0.5
    assert f"to {100 * half:.1f} points either way" in said
    # Of each of the four: five alerts of ten are wrong, whatever the photographs said.
    assert TEXT.count("Of ten alerts that this school would send home, five would be wrong.") == 5
