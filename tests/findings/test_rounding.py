"""Chances end at 1: what rounding adds is taken off, and nothing that would be an error."""

from __future__ import annotations

import numpy as np
import pytest

import misread as mr
from misread.findings.definitions import DEFINITIONS
from misread.findings.measure import at_most_all
from misread.findings.pooling import Quantity
from tests.deployment.samples import SMALL


def test_rounding_is_taken_off_and_an_error_is_not():
    samples = np.array([1 + 4e-16, 1 + 1e-11, 1.001, 0.5, np.nan])
    kept = at_most_all(Quantity("p_mark", rule="r", samples=samples)).samples
    np.testing.assert_array_equal(kept, [1.0, 1.0, 1.001, 0.5, np.nan])


@pytest.mark.parametrize("id", ["false_flags_end_p50", "labels_archived", "flag_lift", "flags_on_file_end"])
def test_counts_and_ratios_may_be_more_than_1(id):
    of = Quantity(id, samples=np.array([1 + 1e-12]))
    assert at_most_all(of) is of


def test_what_is_a_share_says_so():
    for d in DEFINITIONS.values():
        said = d.meaning.lower()
        assert d.of_all == (d.unit == "1" and not said.startswith(("looks", "expected labels", "the smallest n"))), d.id


def test_what_is_certain_is_1(tmp_path):
    (tmp_path / "school.toml").write_text(SMALL.replace("flags = 20", "flags = 1"))
    found = mr.run(tmp_path / "school.toml", draws=8).findings
    shares = [f for f in found if DEFINITIONS[f.id].of_all]
    assert max(f.value for f in shares if f.value is not None) <= 1
    assert any(f.value == 1 for f in shares if f.id == "p_mark")
