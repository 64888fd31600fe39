"""Action units in millimetres: what each moves, with FACS's sign, on an adult and a child."""

from __future__ import annotations

import numpy as np
import pytest

from misread.closed.heads import EXPRESSIONS, UNITS, Person, expression, landmarks, unit
from misread.closed.heads.identity import neutral, size
from misread.closed.heads.model import is_unit, model
from misread.closed.heads.pose import add_expression

AVERAGE = Person(0, (), 0.0, (55.0, 12.0, 19.0), "cropped", "black", "brown", 0.0, 0.5)
ADULT, CHILD = 20.0, 10.0

# unit, landmark, axis (0 to the own left, 1 up, 2 to the front), what an adult's moves by in mm, at least / at most.
MOVES = [
    ("AU1", "left brow inner", 1, 4.0, 7.0),
    ("AU2", "left brow outer", 1, 5.0, 9.0),
    ("AU4", "left brow inner", 1, -6.0, -3.5),
    ("AU4", "left brow inner", 0, -6.0, -3.0),
    ("AU5", "left upper lid", 1, 2.0, 5.0),
    ("AU6", "left lower lid", 1, 1.0, 4.0),
    ("AU7", "left lower lid", 1, 2.0, 5.0),
    ("AU9", "left nostril", 1, 1.0, 6.0),
    ("AU10", "upper lip top", 1, 2.5, 6.0),
    ("AU12", "left mouth corner", 1, 8.5, 10.5),
    ("AU12", "left mouth corner", 0, 3.0, 9.0),
    ("AU14", "left mouth corner", 2, -6.0, -2.0),
    ("AU15", "left mouth corner", 1, -8.0, -4.0),
    ("AU16", "lower lip bottom", 1, -6.0, -2.0),
    ("AU17", "lower lip bottom", 1, 3.0, 8.0),
    ("AU18", "left mouth corner", 0, -8.0, -3.0),
    ("AU20", "left mouth corner", 0, 3.0, 9.0),
    ("AU22", "upper lip top", 2, 1.0, 6.0),
    ("AU25", "lower lip edge", 1, -4.0, -0.7),
    ("AU26", "chin", 1, -24.0, -18.0),
    ("AU43", "left upper lid", 1, -14.0, -8.0),
]

# probe.md, section 2: adult and child in mm. Its vertices are not ours, so within a tenth.
PROBE = [
    ("AU12", "left mouth corner", 9.5, 8.3),
    ("AU4", "left brow inner", -4.1, -3.6),
    ("AU26", "chin", -22.0, -20.0),
]


def moved(name: str, age: float) -> np.ndarray:
    """Displacements in mm of a whole unit."""
    resting = neutral(AVERAGE, age)
    return 1e3 * (add_expression(resting, unit(name), size(resting, model())) - resting)


@pytest.mark.parametrize(("name", "mark", "axis", "least", "most"), MOVES)
def test_each_unit_moves_its_landmark_the_right_way(name: str, mark: str, axis: int, least: float, most: float) -> None:
    vertex = landmarks()[mark]
    assert least <= moved(name, ADULT)[vertex, axis] <= most
    child = moved(name, CHILD)[vertex, axis]
    assert np.sign(child) == np.sign(least)
    assert 0.8 * min(abs(least), abs(most)) <= abs(child) <= max(abs(least), abs(most))


@pytest.mark.parametrize(("name", "mark", "adult", "child"), PROBE)
def test_the_figures_of_the_probe(name: str, mark: str, adult: float, child: float) -> None:
    vertex = landmarks()[mark]
    assert moved(name, ADULT)[vertex, 1] == pytest.approx(adult, rel=0.1)
    assert moved(name, CHILD)[vertex, 1] == pytest.approx(child, rel=0.1)


def test_every_unit_but_au23_is_checked() -> None:
    assert {m[0] for m in MOVES} | {"AU24"} == set(UNITS)
    assert "AU23" not in UNITS


def test_the_lip_presser_lifts_the_corners() -> None:
    # Why the closed-mouth anger is marked an invalid stimulus: it holds a smile.
    assert moved("AU24", ADULT)[landmarks()["left mouth corner"], 1] > 2.0
    assert EXPRESSIONS["angry, closed mouth"].gates == "invalid stimulus"


@pytest.mark.parametrize("name", sorted(UNITS))
def test_a_childs_displacements_are_smaller_by_the_size_of_its_head(name: str) -> None:
    ratio = size(neutral(AVERAGE, CHILD), model()) / size(neutral(AVERAGE, ADULT), model())
    assert 0.85 < ratio < 0.95
    adult, child = np.linalg.norm(moved(name, ADULT), axis=1).max(), np.linalg.norm(moved(name, CHILD), axis=1).max()
    assert child / adult == pytest.approx(ratio, abs=1e-6)


def test_a_blink_shuts_the_eye() -> None:
    lids = [landmarks()["left upper lid"], landmarks()["left lower lid"]]
    for age in (ADULT, CHILD):
        resting = neutral(AVERAGE, age)
        shut = 1e3 * (resting + 1e-3 * moved("AU43", age))
        assert 1e3 * (resting[lids[0], 1] - resting[lids[1], 1]) > 8.0
        assert abs(shut[lids[0], 1] - shut[lids[1], 1]) < 2.0


def test_recipes_name_units_and_say_where_they_come_from() -> None:
    for name, recipe in EXPRESSIONS.items():
        assert set(recipe.units) <= set(UNITS)
        assert all(0 <= s <= 1 for s in recipe.units.values())
        assert "unverified" in recipe.source or name == "neutral"
        assert all(is_unit(shape) and shape in model().targets for shape in expression(name))
    assert [n for n, r in EXPRESSIONS.items() if r.gates == "passed"] == ["neutral", "happy", "surprise"]
