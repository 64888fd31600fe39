"""The catalogue as a whole: what is in it, how sure it is, and that its percentages can be."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from collections import Counter

import pytest
from pydantic import ValidationError

from misread.deployment import load, resolve_profiles, shipped, shipped_text
from misread.evidence import MEANING, STATUSES, Figure, Matrix, Quantity, catalogue, find, matrix, plain, topics

ENTRIES = catalogue()
QUANTITIES = [e for e in ENTRIES.values() if isinstance(e, Quantity)]
FIGURES = [(e.id, f) for e in QUANTITIES for f in e.figures]
ID = re.compile(r"\b[A-Z]\d{2}\b")

FROM_MEMORY = ["A09", "A15", "B06", "B15", "B17", "B18", "C08", "C11", "D05", "D08", "D09", "E04", "G11"]
"""Entries whose figures were recalled and not looked up."""

PARTLY_FROM_MEMORY = {
    "A13": "in the contest's own paper",
    "E16": "on average",
    "E18": "children",
}
"""Entry → the figure in it that was recalled."""


RENDERED = ["R01", "R02", "R03", "R04", "R05"]
"""Measured by the project itself, on heads of nobody."""


def test_all_of_it_is_there():
    found = Counter(id[0] for id in ENTRIES)
    assert found == {"A": 40, "B": 20, "C": 11, "D": 13, "E": 19, "F": 11, "G": 11, "H": 7, "M": 21, "N": 1, "R": 5}
    assert list(ENTRIES) == sorted(ENTRIES)
    assert [e.id for e in ENTRIES.values()] == list(ENTRIES)
    assert "D10" not in ENTRIES


def test_every_entry_has_a_source_or_says_why_not():
    for entry in ENTRIES.values():
        assert entry.citation or entry.no_source, entry.id
        assert entry.short or entry.no_source, entry.id
        assert entry.quantity, entry.id
    assert [e.id for e in ENTRIES.values() if e.no_source] == ["D02", "N01", *RENDERED]


def test_statuses():
    assert set(MEANING) == set(STATUSES)
    for entry in ENTRIES.values():
        assert entry.status in STATUSES
    for entry in QUANTITIES:
        assert entry.status == max((f.status for f in entry.figures), key=STATUSES.index), entry.id


def test_what_is_from_memory_is_unverified():
    for id in FROM_MEMORY:
        assert ENTRIES[id].status == "unverified", id
        assert any("memory" in note for note in ENTRIES[id].notes), id
    for id, name in PARTLY_FROM_MEMORY.items():
        (figure,) = [f for f in ENTRIES[id].figures if f.name == name]
        assert figure.status == "unverified", id
        assert ENTRIES[id].status == "unverified", id
    unverified = {e.id for e in ENTRIES.values() if e.status == "unverified"}
    assert unverified == {*FROM_MEMORY, *PARTLY_FROM_MEMORY}


def test_recalled_identifiers_are_called_so_wherever_they_are_shown():
    recalled = {e.id: e.from_memory for e in ENTRIES.values() if e.from_memory}
    assert set(recalled) == {"A19", "B07", "B08", "B12", "E02", "G07", "H01"}
    for id in recalled:
        assert "from memory" in ENTRIES[id].citation + ENTRIES[id].population, id


def test_claims_stand_word_for_word_and_unsourced():
    for id in ("F01", "F02", "F03", "F04", "F05"):
        assert ENTRIES[id].status == "unsourced"
    assert "installed in 967 schools, according to reports." in ENTRIES["F02"].value
    words = {f.value for id in ("F01", "F03", "F04", "F05", "F11") for f in ENTRIES[id].figures}
    assert {
        '"scans every 30 seconds"',
        '"data is stored in a permanent behavioral file"',
        '"human-level accuracy"',
        '"85 % accurate"',
        '"up to 95 percent accurate"',
        '"detecting up to 50 faces at 25 FPS and achieving 88% overall accuracy in classifying classroom engagement states"',
    } <= words


def test_that_no_benefit_was_found_is_an_entry():
    (entry,) = find(ENTRIES, words=["benefits of reading"])
    assert entry.value == "none found"
    assert entry.status == "unsourced"


def test_what_was_measured_on_rendered_heads_is_called_so_and_never_verified():
    for id in RENDERED:
        assert ENTRIES[id].topic == "rendered-heads"
        assert ENTRIES[id].status == "rendered"
        assert "rendered itself" in ENTRIES[id].no_source
        assert any("lowest grade" in note for note in ENTRIES[id].notes)
        assert ENTRIES[id].population.startswith("nobody")


def test_the_detector_at_40_degrees_is_the_mean_of_three_tones():
    by = {f.name: f for f in ENTRIES["R01"].figures}
    tones = [round(by[f"40 degrees, {tone} skin"].value * 30) for tone in ("light", "tan", "dark")]
    assert round(sum(tones) / 90, 2) == by["40 degrees"].value
    assert wilson(sum(tones), 90) == pytest.approx((by["40 degrees"].low, by["40 degrees"].high), abs=0.006)


def test_shares_are_shares():
    for id, f in FIGURES:
        for x in (f.value, f.low, f.high):
            if isinstance(x, int | float) and f.unit in {"1", "%"}:
                assert abs(x) <= (1 if f.unit == "1" else 100), (id, f.name)


def digits(value):
    return len(repr(float(value)).partition(".")[2].rstrip("0"))


COUNTED = [(id, f) for id, f in FIGURES if f.n and f.unit in {"1", "%"} and not isinstance(f.value, str)]


def fits(f):
    """Whether a share or percentage is some whole number of `n` (`hits`, if stated), rounded as printed."""
    whole = 100 if f.unit == "%" else 1
    hits = f.hits if f.hits is not None else round(f.value / whole * f.n)
    return abs(whole * hits / f.n - f.value) <= 0.5 * 10.0 ** -digits(f.value) + 1e-9


def test_percentages_with_n_give_counts():
    assert len(COUNTED) > 50
    for id, f in COUNTED:
        assert fits(f), (id, f.name)


def test_that_check_can_fail():
    assert fits(Figure(value=0.125, unit="1", n=80))
    assert not fits(Figure(value=0.123, unit="1", n=80))
    assert not fits(Figure(value=12.4, unit="%", n=80, hits=10))


def wilson(k, n, z=1.959964):
    middle, half = (k + z * z / 2) / (n + z * z), z / (n + z * z) * math.sqrt(k * (n - k) / n + z * z / 4)
    return middle - half, middle + half


@pytest.mark.parametrize("id", ["A04", "A05", "B07"])
def test_intervals_of_shares_are_wilsons(id):
    checked = 0
    for f in ENTRIES[id].figures:
        if f.low is not None:
            half = 0.5 * 10.0 ** -digits(f.value) + 1e-9
            low, high = wilson(f.hits, f.n)
            assert (100 * low, 100 * high) == pytest.approx((f.low, f.high), abs=half)
            checked += 1
    assert checked


@pytest.mark.parametrize("id", ["H03", "H04"])
def test_intervals_of_correlations_are_fishers(id):
    for f in ENTRIES[id].figures:
        if f.unit == "r":
            z, half = math.atanh(f.value), 1.959964 / math.sqrt(90 - 3)
            assert (math.tanh(z - half), math.tanh(z + half)) == pytest.approx((f.low, f.high), abs=0.01)


def test_arithmetic_of_the_entries_that_are_arithmetic():
    by = {id: {f.name: f.value for f in ENTRIES[id].figures} for id in ("B07", "B08", "D02", "G06", "G09", "C11")}
    hits = {f.name: f.hits for f in ENTRIES["B07"].figures}
    assert sum(hits.values()) == 3019
    assert 3019 - hits["not codable"] == 2633 == ENTRIES["B08"].n
    assert {f.name: f.hits for f in ENTRIES["B08"].figures}.items() <= hits.items()
    once = by["G06"]["a mammogram"] / 100
    assert round(100 * (1 - (1 - once) ** 9), 1) == by["G09"]["if independent at 6.5 % each"]
    assert by["D02"]["frames of an event of 1/25 s at 8 frames a second"] == 8 / 25
    assert by["C11"]["10 degrees at 5 m (arithmetic)"] == round(5 * math.tan(math.radians(10)), 2)


def test_topics_and_search():
    assert set(topics(ENTRIES)) == {
        "classifiers", "human-judges", "recognition", "display", "gaze", "micro-expressions", "groups", "claims",
        "consequences", "persistence", "rendered-heads",
    }  # fmt: skip
    assert {e.id for e in find(ENTRIES, topic="human-judges")} == {"M19", "M20", "M21"}
    assert [e.id for e in find(ENTRIES, words=["stockli", "IMITATED"])] == [
        "A02", "M05", "M06", "M07", "M08",
    ]  # fmt: skip
    assert find(ENTRIES, topic="gaze", words=["mammogram"]) == ()


def test_every_id_that_is_named_exists():
    named = {id for name in shipped() for id in ID.findall(shipped_text(name))}
    named |= {id for e in ENTRIES.values() for text in (*e.notes, e.seen, e.units_note) for id in ID.findall(text)}
    assert {"M14", "B08", "F05", "C10"} <= named
    assert named <= set(ENTRIES)


@pytest.mark.parametrize("name", shipped())
def test_shipped_deployments_find_their_profiles(name):
    profiles = resolve_profiles(load(name))
    assert profiles
    for profile in profiles.values():
        assert profile.p.sum(axis=1) == pytest.approx(1)


def test_matrix_looks_up_matrices_only():
    assert isinstance(matrix("M14"), Matrix)
    for id in ("B08", "M99", "m14"):
        with pytest.raises(KeyError):
            matrix(id)


def test_as_json():
    for entry in ENTRIES.values():
        row = json.loads(json.dumps(plain(entry), allow_nan=False))
        assert {"id", "topic", "status", "citation", "doi"} <= set(row)
        assert ("counts" in row) == isinstance(entry, Matrix)
        assert ("value" in row) == isinstance(entry, Quantity)
    assert plain(ENTRIES["B03"])["value"] == 0.3
    assert plain(ENTRIES["B08"])["value"]["bored"] == 12.3
    assert plain(ENTRIES["M02"])["counts"]["fear"] == {
        "anger": 0, "contempt": 0, "disgust": 0, "fear": 80, "happiness": 0, "sadness": 0, "surprise": 10,
    }  # fmt: skip


def test_nothing_can_be_changed():
    assert catalogue() is ENTRIES
    with pytest.raises(TypeError):
        ENTRIES["Z01"] = ENTRIES["M14"]
    with pytest.raises(ValidationError):
        ENTRIES["M14"].status = "verified"
    with pytest.raises(TypeError):
        matrix("M14").counts["anger"]["anger"] = 1


def test_reading_loads_nothing_heavy():
    code = (
        "import sys, misread.evidence as e; e.catalogue();"
        "print({'numpy', 'scipy', 'pyarrow', 'rich', 'jinja2', 'altair'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
