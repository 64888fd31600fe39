"""An audit laid on a deployment like a policy, and what of the deployment stays."""

from __future__ import annotations

import numpy as np
import pytest

from misread.api import run
from misread.deployment import load, load_all, resolve_profiles, to_toml, warnings
from misread.deployment.profiles.laid import laid
from misread.deployment.text.write import policy_to_toml
from misread.errors import MisreadError

from .audits import OF_F, OF_M, WORTH, audit, effect, written
from .samples import with_profile

BASE = """from = "evidence:Z01"
expressions = { happy = "happiness", sad = "sadness" }  # assumption: as labelled
labels = { happiness = "happy", sadness = "sad" }
drop = ["other"]
diagonal = { value = 0.9, low = 0.8, high = 1.0 }  # assumption
regardless = { none = 0.1 }  # assumption: turned away
alternatives = ["other"]
"""
OTHER = "\n[classifier.confusion.other]\nneutral = { neutral = 1 }\nhappy = { happy = 1 }\nsad = { sad = 1 }\n"


@pytest.fixture
def school(file, fake_evidence):
    """A school whose profile is that of a catalogue's matrix."""
    return file(with_profile(BASE + OTHER))


@pytest.fixture
def source(tmp_path):
    """An audit to lay on, as it is named."""

    def of(group="", **changes):
        return f"audit:{written(tmp_path / 'audit.json', **changes)}{group}"

    return of


def test_counts_go_in_the_place_of_the_matrix_and_words_stay(school, source):
    loaded = load(school, policies=[source("#sex=f")])
    found = resolve_profiles(loaded)["reference"]
    counts = np.array(OF_F, dtype=float)
    expected = 0.9 * counts / counts.sum(axis=1, keepdims=True) + [0, 0, 0, 0.1]
    np.testing.assert_allclose(found.p, expected, rtol=1e-12)
    assert found.n.tolist() == list(WORTH["f"])
    spec = loaded.classifier.confusion["reference"]
    assert spec.diagonal is None
    assert spec.alternatives is None
    assert spec.regardless == {"none": 0.1}
    text = to_toml(loaded)
    assert "left out, since it was about what stood here before: diagonal = 0.9" in text
    assert "# assumption: turned away" in text
    changed = {w.changed_by for w in loaded.origin.parameters() if w.key.startswith("classifier.confusion.reference")}
    assert changed == {f"--profile {source('#sex=f')}"}


def test_words_that_are_called_like_the_label_fit_too(school, source):
    content = audit()
    renamed = {"happiness": "happy", "sadness": "sad"}
    words = {key: [renamed.get(w, w) for w in content[key]] for key in ("expressions", "labels")}
    found = resolve_profiles(load(school, policies=[source(**words)]))["reference"]
    assert found.n.tolist() == list(WORTH[""])


def test_written_rows_stay_where_the_audit_has_none(file, source):
    rows = "neutral = { neutral = 1 }\nhappy = { happy = 1 }\nsad = { sad = { value = 0.7, low = 0.5, high = 0.9 }, none = 0.3 }\n"
    school = file(with_profile(rows + "faces_per_row = 50"))
    spec = {"expressions": ["neutral", "happy", "joy"], "labels": ["neutral", "happy", "sad", "none"]}
    loaded = load(school, policies=[source(**spec)])
    found = resolve_profiles(loaded)["reference"]
    assert found.n.tolist() == [45, 60, 50]
    assert found.p[2].tolist() == [0, 0, 0.7, 0.3]
    assert [r.name for r in loaded.ranges] == ["classifier.confusion.reference.rows.sad.sad"]


def test_words_that_fit_nothing_are_asked_for_in_one_message(school, source):
    given = source(labels=["neutral", "joy", "low", "none"], expressions=["neutral", "happiness", "gloom"])
    with pytest.raises(MisreadError) as caught:
        load(school, policies=[given])
    (problem,) = caught.value.problems
    assert problem.what == (
        'The audit answers "joy", "low", which are no labels of the deployment, and has no row for "sad", which faces '
        "of the deployment show."
    )
    assert problem.file == f"--profile {given}"
    for line in (
        "--set classifier.confusion.reference.labels.joy=LABEL",
        "--set classifier.confusion.reference.expressions.sad=ROW",
        '--set \'classifier.confusion.reference.drop=["joy", "low"]\'',
    ):
        assert line in problem.mend
    settings = ["labels.joy=happy", "labels.low=sad", "expressions.sad=gloom"]
    loaded = load(school, policies=[given], settings=[f"classifier.confusion.reference.{s}" for s in settings])
    assert resolve_profiles(loaded)["reference"].n.tolist() == list(WORTH[""])


def test_a_folder_with_a_blank_in_its_name(school, tmp_path):
    path = written(tmp_path / "our audits" / "audit.json", labels=["neutral", "joy", "sadness", "none"])
    with pytest.raises(MisreadError, match='answers "joy", which is no label of the deployment'):
        load(school, policies=[f"audit:{path}"])


SPREADS = {"sadness": (0.9, 0.4, 1.5), "happiness": (0.7, 0.2, 1.1)}


def test_a_person_effect_becomes_a_trait_on_labels_that_rules_read(school, source):
    loaded = load(school, policies=[source(effect=effect(**SPREADS))])
    (trait,) = loaded.traits
    assert (trait.acts_on, trait.label, trait.sd, trait.levels) == ("label", "sad", 0.9, 7)
    (range_,) = [r for r in loaded.ranges if r.path[0] == "traits"]
    assert (range_.low, range_.high, range_.source) == (0.4, 1.5, "24 persons of the audit")


@pytest.mark.parametrize("levels", [3, 7])
def test_with_a_trait_the_mean_over_persons_stays_what_was_counted(school, source, levels):
    """As the engine compiles it: rows for each level of the trait, weighted by its levels."""
    given = source(effect=effect(**SPREADS))
    settings = [f'traits."read as sad by nature".levels={levels}', "classifier.confusion.reference.regardless={}"]
    loaded = load(school, policies=[given], settings=settings)
    found = resolve_profiles(loaded)["reference"]
    nodes, weights = np.polynomial.hermite_e.hermegauss(levels)
    persons = found.p[None] * np.exp(0.9 * nodes[:, None, None] * (np.arange(4) == 2))
    persons /= persons.sum(axis=2, keepdims=True)
    counts = np.add(OF_F, OF_M).astype(float)
    mean = np.tensordot(weights / weights.sum(), persons, axes=1)
    np.testing.assert_allclose(mean, counts / counts.sum(axis=1, keepdims=True), atol=1e-11)


def test_the_engine_writes_a_label_as_often_with_the_trait_as_without(school, source):
    given = source(effect=effect(**SPREADS))
    shares = []
    for settings in ([], ['traits."read as sad by nature".sd=0']):
        found = run(load(school, policies=[given], settings=settings), draws=0)
        shares.append(
            {f.label: f.value for f in found if f.id == "label_share" and f.group == "all" and f.trait is None}
        )
    assert shares[0].keys() == {"neutral", "happy", "sad", "none"}
    assert shares[0] == pytest.approx(shares[1], rel=1e-9)


@pytest.mark.parametrize(
    "told",
    [(0.9, 0.0, 1.5), (0.9, 0.4, None), (0.0, 0.0, 0.5), (None, None, None)],
    ids=["may be none", "no upper bound", "none", "cannot be told"],
)
def test_an_effect_that_was_not_shown_makes_no_trait(school, source, told):
    loaded = load(school, policies=[source(effect=effect(sadness=told))])
    assert loaded.traits == ()
    assert loaded.classifier.confusion["reference"].mean_over_persons is None


def test_answers_that_become_one_label_make_no_trait(file, fake_evidence, source):
    both = BASE.replace('happiness = "happy", sadness = "sad" }', 'happiness = "sad", sadness = "sad" }')
    loaded = load(file(with_profile(both + OTHER)), policies=[source(effect=effect(**SPREADS))])
    assert loaded.traits == ()


def test_a_trait_that_is_there_gets_the_measured_spread(file, fake_evidence, source):
    own = '\n[[traits]]\nname = "mine"\nacts_on = "label"\nlabel = "sad"\nsd = 2.0\nlevels = 3\n'
    loaded = load(file(with_profile(BASE + OTHER) + own), policies=[source(effect=effect(sadness=(0.9, 0.0, 1.5)))])
    (trait,) = loaded.traits
    assert (trait.name, trait.sd, trait.levels) == ("mine", 0.9, 3)


def test_a_trait_of_which_the_audit_found_nothing_gets_nothing(file, fake_evidence, source):
    own = '\n[[traits]]\nname = "mine"\nacts_on = "label"\nlabel = "sad"\nsd = 2.0\nlevels = 3\n'
    loaded = load(file(with_profile(BASE + OTHER) + own), policies=[source(effect=effect(sadness=(0.0, 0.0, 0.5)))])
    (trait,) = loaded.traits
    assert trait.sd == 0
    assert [(r.low, r.high) for r in loaded.ranges] == [(0.0, 0.5)]


@pytest.mark.parametrize(("key", "kept"), [("", True), ("mean_over_persons = false", False)])
def test_a_file_may_say_that_rows_are_of_the_middle(file, tmp_path, key, kept):
    written(tmp_path / "audit.json")
    words = 'labels = { happiness = "happy", sadness = "sad" }\nexpressions = { happy = "happiness", sad = "sadness" }'
    own = '\n[[traits]]\nname = "mine"\nacts_on = "label"\nlabel = "sad"\nsd = 1.0\n'
    text = with_profile(f'from = "audit:audit.json"\n{words}\n{key}') + own
    found = resolve_profiles(load(file(text)))["reference"]
    assert ("means over persons" in found.source) == kept
    assert (found.p[0, 2] == pytest.approx(11 / 90)) == (not kept)
    assert kept == bool(found.p[0, 2] < 11 / 90 - 0.01)


def test_more_labels_with_traits_than_can_be_held_are_refused(file, tmp_path):
    written(tmp_path / "audit.json")
    words = 'labels = { happiness = "happy", sadness = "sad" }\nexpressions = { happy = "happiness", sad = "sadness" }'
    text = with_profile(f'from = "audit:audit.json"\n{words}').replace('"sad", "none"]', '"sad", "none", "e"]')
    for label in ("neutral", "happy", "sad", "none", "e"):
        text += f'\n[[traits]]\nname = "{label}"\nacts_on = "label"\nlabel = "{label}"\nsd = 1.0\n'
    with pytest.raises(MisreadError, match="There are 5 labels with traits"):
        load(file(text))


def test_traits_that_are_there_leave_no_room_for_more(file, fake_evidence, source):
    own = '\n[[traits]]\nname = "slow"\nacts_on = "state"\nstate = "bored"\nsd = 0.4\nlevels = {}\n'
    given = source(effect=effect(sadness=(0.9, 0.4, 1.5)))
    for levels, expected in ((3, 2), (7, 1)):
        loaded = load(file(with_profile(BASE + OTHER) + own.format(levels)), policies=[given])
        assert len(loaded.traits) == expected


def test_as_a_file_of_its_own_it_does_the_same(school, source, tmp_path):
    given = source(effect=effect(**SPREADS))
    policy = tmp_path / "profile.toml"
    policy.write_text(policy_to_toml(laid(load(school), "audit:audit.json", _counts(given)).document))
    by_file, by_option = load(school, policies=[policy]), load(school, policies=[given])
    for one, other in zip(resolve_profiles(by_file).values(), resolve_profiles(by_option).values(), strict=True):
        assert (one.p == other.p).all()
        assert (one.n == other.n).all()
    assert by_file.traits == by_option.traits
    assert [(r.low, r.high) for r in by_file.ranges] == [(r.low, r.high) for r in by_option.ranges]


def _counts(given):
    from misread.audit.written.load import read_counts

    return read_counts(given.removeprefix("audit:"))


def test_laid_on_shipped_deployments(source):
    for name in ("as-described", "one-classroom", "as-described-full"):
        anger = {"expressions": ["neutral", "happiness", "anger"], "labels": ["neutral", "happiness", "anger", "none"]}
        rows = [f"classifier.confusion.{p}.expressions.{x}=anger" for p in _used(name) for x in ("sad", "fear")]
        loaded = load(name, policies=[source(**anger)], settings=rows)
        assert not [w for w in warnings(loaded) if "interval" in w.what and "away" not in w.what]


def _used(name):
    from misread.deployment.origin import spell
    from misread.deployment.profiles import profiles_used

    return [spell((used,)) for used in profiles_used(load(name))]


def test_compared_as_a_policy(school, source):
    base, changed = load_all(school, [source("#sex=f")])
    assert changed.origin.name.startswith("school + audit ")
    assert changed.origin.name.endswith(" sex=f")
    assert resolve_profiles(base)["reference"].n.tolist() == [50 * 80 / 100, 40, 30 * 40 / 50]
    both = load_all(school, [school], audits=[source()])
    assert all(resolve_profiles(d)["reference"].n.tolist() == list(WORTH[""]) for d in both)
