"""Compiled matrices: transitions, stationary laws, looks in exact decimals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm

from misread.deployment import load, resolve_profiles
from misread.engine.chain import compile_chain
from misread.engine.chain.markov import generator, stationary, transition
from tests.deployment.samples import SMALL

from .chains import near, rates


@given(st.integers(0, 2**32 - 1), st.integers(2, 7), st.floats(1e-3, 50))
def test_transitions_are_the_matrix_exponential(seed, m, minutes):
    Q = rates(np.random.default_rng(seed), m)
    P = transition(Q, minutes)
    assert near(P, expm(Q * minutes), tiny=1e-13)
    assert near(P.sum(axis=1), 1)
    assert (P > 0).all()
    assert near(stationary(Q) @ P, stationary(Q))
    assert near(transition(Q, minutes / 3) @ transition(Q, minutes / 1.5), P)


def test_two_states_closed_form():
    # Switching back and forth at rates a and b: P(still in the first) = (b + a·exp(−(a + b)t)) / (a + b).
    a, b = 0.3, 0.05
    Q = np.array([[-a, a], [b, -b]])
    for t in (1e-9, 0.1, 4.0, 1e4):
        away = -a * math.expm1(-(a + b) * t) / (a + b)
        assert near(transition(Q, t), [[1 - away, away], [away * b / a, 1 - away * b / a]], tiny=0)


def test_rare_transitions_keep_their_relative_accuracy():
    # Four rare steps in a row within a thousandth of a minute: (1e-10)⁴ / 4!, up to terms 1e-3 times smaller.
    Q = np.diag([1e-7] * 4, 1) + np.diag([1e-7] * 4, -1)
    Q -= np.diag(Q.sum(axis=1))
    assert transition(Q, 1e-3)[0, 4] == pytest.approx(1e-40 / 24, rel=1e-9)


def test_after_very_long_the_start_is_forgotten():
    Q = np.array([[-1e-6, 1e-6, 0], [0, -1e3, 1e3], [2.0, 0, -2.0]])
    assert near(transition(Q, 1e9), np.tile(stationary(Q), (3, 1)), rel=1e-9, tiny=0)


def test_no_time_changes_nothing():
    assert np.array_equal(transition(rates(np.random.default_rng(1), 3), 0.0), np.eye(3))


def test_stationary_law_of_a_stiff_chain():
    Q = np.array([[-1e-6, 1e-6, 0], [0, -1e3, 1e3], [2.0, 0, -2.0]])
    stays = 1 / np.array([1e-6, 1e3, 2.0])
    assert near(stationary(Q), stays / stays.sum(), tiny=0)


@pytest.fixture
def compiled_school(tmp_path):
    def make(text):
        path = tmp_path / "school.toml"
        path.write_text(text)
        deployment = load(path)
        return deployment, compile_chain(deployment, resolve_profiles(deployment))

    return make


@pytest.mark.parametrize(
    ("lesson", "every", "looks"),
    [
        ("40.0", "300", 8),
        ("40", "299.9", 9),
        ("0.1", "3", 2),  # 0.1 · 60 is 6.000000000000001 to a computer
        ("0.3", "0.1", 180),
        ("1.1", "0.6", 110),
        ("35.0", "2100", 1),
        ("35.0", "2099.999", 2),
        ("35.0", "99999", 1),
        ("1e-1", "6e-1", 10),
    ],
)
def test_looks_are_counted_in_exact_decimals(compiled_school, lesson, every, looks):
    text = SMALL.replace("lesson_minutes = 40.0", f"lesson_minutes = {lesson}")
    text = text.replace("observe_every_seconds = 300", f"observe_every_seconds = {every}")
    text = text.replace('flag = "3 of last 6"', 'flag = "run of 1"')
    deployment, chain = compiled_school(text)
    assert chain.looks == looks
    # From a lesson's last look to the next lesson's first.
    left = float(lesson) - (looks - 1) * float(every) / 60 + 10
    assert near(chain.gap[0, 0, 0, 0], transition(generator(deployment.pupil), left), rel=1e-9)


def test_tables_of_the_sample_by_hand(compiled_school):
    _, chain = compiled_school(SMALL)
    assert chain.groups == ("reference", "flat-affect")
    assert near(chain.weight[0], [0.8, 0.2])
    # P(sad | bored): 0.7 · 0.07 + 0.3 · 0.6 with the default display, 0.9 · 0.07 + 0.1 · 0.6 with the flat one.
    bored, sad = chain.states.index("bored"), chain.labels.index("sad")
    assert near(chain.emission.plain[0, 0, :, 0, bored, sad], [0.229, 0.123])
    assert near(chain.emission.plain.sum(axis=-1), 1)
    assert [r.truth for r in chain.rules] == [6, 2]
    assert [r.hit.tolist() for r in chain.rules] == [[False, False, True, False]] * 2


def test_shares_and_rows_are_divided_by_their_sums(compiled_school):
    slightly = SMALL.replace("share = 0.8 }", "share = 0.8000000005 }")
    _, chain = compiled_school(slightly)
    assert near(chain.weight.sum(), 1)
    assert near(chain.weight[0, 0], 0.8000000005 / 1.0000000005)
