"""How a rate differs between persons: against simulation, and the actors of CREMA-D."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from misread.audit.agreement import between, of_persons
from misread.audit.rates.masks import measure
from tests.audit.agreement.rows import DATA, table_of

PAGE = Path(__file__).parents[3] / "docs" / "audit" / "agreement.md"


def test_noise_is_taken_away_without_bias():
    """Of many draws, the mean of the variances is the persons' own; as they are seen it is larger."""
    rng = np.random.default_rng(1)
    variances, seen = [], []
    for _ in range(3000):
        rate = rng.choice([0.05, 0.15], 30)
        faces = rng.integers(4, 12, 30).astype(float)
        hits = rng.binomial(faces.astype(int), rate)
        r = hits / faces
        variances.append(r.var(ddof=1) - (r * (1 - r) / (faces - 1)).mean())
        found = between(hits.astype(float), faces)
        assert found.sd == pytest.approx(np.sqrt(max(0, variances[-1])), abs=1e-12)
        assert found.low <= found.sd <= found.high
        seen.append(found.seen**2)
        if len(seen) == 300:
            break
    assert np.mean(variances) == pytest.approx(0.05**2, abs=4 * np.std(variances) / np.sqrt(300))
    assert np.mean(seen) > 4 * 0.05**2


def test_equal_persons_differ_by_nothing():
    found = between(np.full(20, 2.0), np.full(20, 10.0))
    assert (found.mean, found.sd, found.seen) == (pytest.approx(0.2), 0, pytest.approx(0, abs=1e-12))
    assert (found.low, found.high, found.note) == (None, None, "no interval: all persons look alike")


@pytest.mark.parametrize(("persons", "said"), [(90, 0.94), (12, 0.82)])
def test_how_often_the_interval_holds_the_truth(persons, said):
    """Rates about 0.05, ten faces, ICC 0.05: the page tells how often."""
    rng, icc, held = np.random.default_rng(4), 0.05, 0
    spread = np.sqrt(icc * 0.05 * 0.95)
    for _ in range(600):
        rate = rng.beta(0.05 * (1 / icc - 1), 0.95 * (1 / icc - 1), persons)
        found = between(rng.binomial(10, rate).astype(float), np.full(persons, 10.0))
        held += found.low is not None and found.low <= spread <= found.high
    assert held / 600 == pytest.approx(said, abs=0.035)
    assert f"{said:.2f} of simulated tables with {persons} persons" in " ".join(PAGE.read_text().split())


def test_few_persons_and_single_faces():
    found = between(np.array([1.0] * 9 + [1] * 5), np.array([5.0] * 9 + [1] * 5))
    assert (found.sd, found.persons) == (None, 9)
    assert found.note == "cannot be told: 9 persons with two faces, 10 are needed"


def test_counts_of_persons_are_those_of_rows():
    rng = np.random.default_rng(2)
    truth, answer = rng.choice(["sad", "happy"], 90), rng.choice(["sad", "happy", "none"], 90)
    person = rng.integers(0, 7, 90)
    table = table_of(
        ("sad", "happy"),
        ("sad", "happy", "none"),
        truth,
        answer,
        person=person.tolist(),
        group=rng.choice(["a", "b"], 90).tolist(),
    )
    hits, faces = of_persons(table, measure(table, "false_positive_rate", label="sad"))
    who = list(dict.fromkeys(person.tolist()))
    assert faces.tolist() == [np.count_nonzero((person == p) & (truth == "happy")) for p in who]
    assert hits.tolist() == [np.count_nonzero((person == p) & (truth == "happy") & (answer == "sad")) for p in who]


def test_votes_on_neutral_clips_of_91_actors():
    """Mean and spread between actors of "anger", "sad" and "disgust" on neutral faces (evidence H05), and the worst (H06)."""
    path = DATA / "cremad_votes.csv"
    if not path.exists():
        pytest.skip("no folder shared/data beside the repository")
    votes: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(6))
    with path.open(newline="") as file:
        rows = csv.DictReader(file)
        words = rows.fieldnames[8:]
        for row in rows:
            if (row["modality"], row["expression"]) == ("face", "neutral"):
                votes[row["actor"]] += [int(row[word]) for word in words]
    counts = np.stack(list(votes.values()))
    faces = counts.sum(axis=1)
    assert len(counts) == 91
    for word, mean, sd in (("anger", 4.4, 3.5), ("sadness", 8.0, 5.5), ("disgust", 7.7, 4.9)):
        found = between(counts[:, words.index(word)], faces)
        assert 100 * found.mean == pytest.approx(mean, abs=0.1)
        assert 100 * found.sd == pytest.approx(sd, abs=0.1)
        assert found.low > 0.02
    anger = counts[:, words.index("anger")] / faces
    assert anger.max() / np.median(anger) == pytest.approx(5.1, abs=0.05)
