"""`as-described-full`, the policies about use and temperaments, and their page: each says what it is, and is no more."""

from __future__ import annotations

import math
import re
import statistics

import numpy as np
import pytest
from click.testing import CliRunner

from misread.cli import cli
from misread.deployment import (
    Deployment,
    digest,
    load,
    policies_by_topic,
    resolve_profiles,
    shipped,
    shipped_text,
    warnings,
)
from misread.deployment.seats import views_of
from misread.errors import MisreadError
from misread.evidence import catalogue
from tests.docs.pages import DOCS, fences, table_after

FULL = "as-described-full"
PAGE = (DOCS / "further.md").read_text(encoding="utf-8")
EXAMPLES = [(f.note.removeprefix("on: "), f.text) for f in fences(PAGE) if f.language == "toml"]
"""Deployment → policy that the page lays on it."""
ID = re.compile(r"\b[A-HR]\d{2}\b|\bM\d{2}\b")
FURTHER = ("face", "traits", "situations", "ages", "feedback", "decisions")
YOUNG = "camera, to age eight"

BY_M14 = tuple(name for name in shipped() if name != "every-30-seconds")
WHERE = {
    "opt-out-30-percent": shipped(),
    "keep-30-days": shipped(),
    "alerts-to-a-counsellor": BY_M14,
    "look-every-30-seconds": BY_M14,
    "switched-off": tuple(name for name in BY_M14 if name != FULL),
    "switched-off-in-full": (FULL,),
    "temperaments": shipped(),
}
"""Policy → deployments that its file says it is for."""
RULES, MARK = ("rules/negative affect", "rules/not attentive"), "file/marks/resistant"
CHANGES = {
    "opt-out-30-percent": {"population/opt_out"},
    "keep-30-days": {"file/keep_days"},
    "alerts-to-a-counsellor": {f"{rule}/notify/0" for rule in RULES} | {"rules/negative affect/notify/1"},
    "look-every-30-seconds": {"camera/observe_every_seconds"},
    "switched-off": {*RULES, MARK},
    "switched-off-in-full": {
        *RULES, MARK, "file/marks/often resistant", "rules/least engaged",
        "decisions/advanced class", "decisions/admission", "decisions/trust score",
    },
    "temperaments": {"traits/easily bored"},
}  # fmt: skip
"""Policy → keys that differ once it is laid on."""


def strata(d: Deployment) -> int:
    levels = math.prod(t.levels for t in d.traits)
    return len(d.population.groups) * levels * max(1, len(views_of(d)))


def comparable(value):
    """Lists as tables, entries by name where they have one."""
    if isinstance(value, dict):
        return {str(k): comparable(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        keys = [v.get("name", v.get("from_year", i)) if isinstance(v, dict) else i for i, v in enumerate(value)]
        return {str(k): comparable(v) for k, v in zip(keys, value, strict=True)}
    return value


def differing(one, other, at=""):
    """Paths at which two deployments differ, an entry that only one has as a whole."""
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return {at} if one != other else set()
    found = set()
    for key in one.keys() | other.keys():
        path = f"{at}/{key}" if at else key
        found |= differing(one[key], other[key], path) if key in one and key in other else {path}
    return found


def changes(one: Deployment, other: Deployment):
    return differing(comparable(one.model_dump()), comparable(other.model_dump()))


def laid(file, text: str) -> Deployment:
    return load("as-described", policies=[file(text, "mine.toml")])


def figures(id):
    return {f.name: float(f.value) for f in catalogue()[id].value if re.fullmatch(r"-?[\d.]+", str(f.value))}


def sd_of(share):
    """Standard deviation of a person's log odds: the person's share of the variance on the logistic scale."""
    return math.sqrt(share / (1 - share) * math.pi**2 / 3)


# The deployment.


def test_it_is_valid_and_so_are_the_ends_of_its_ranges():
    done = CliRunner().invoke(cli, ["check", FULL])
    assert done.exit_code == 0
    assert "is valid" in done.output


def test_its_doubts_are_those_of_as_described():
    """Only that nothing says how many faces "looking away" rests on: C10 does not."""
    plain = {p.what for p in warnings(load("as-described"))}
    assert {p.what for p in warnings(load(FULL))} == plain
    assert {p.key for p in warnings(load(FULL))} == {
        "classifier.confusion.camera",
        f'classifier.confusion."{YOUNG}"',
    }


def test_it_is_as_described_and_what_it_says_it_adds():
    added = changes(load("as-described"), load(FULL))
    assert {path for path in added if path.split("/")[0] not in FURTHER} == {
        "title", "camera/views/seats seen well", "camera/views/seats hardly seen",
        f"classifier/confusion/{YOUNG}", "rules/least engaged", "file/marks/often resistant",
    }  # fmt: skip
    # Ranges too: what `as-described` leaves open, this does.
    ranges = {r.path: (r.value, r.low, r.high) for r in load(FULL).ranges}
    assert {r.path: (r.value, r.low, r.high) for r in load("as-described").ranges}.items() <= ranges.items()


def test_without_the_further_tables_it_is_as_described():
    off = [
        'rules."least engaged".off=true',
        'file.marks."often resistant".off=true',
        *(f'decisions."{x}".off=true' for x in ("advanced class", "admission", "trust score")),
        *(f'traits."{x}".off=true' for x in ("brow held low", "read as angry")),
        *(f'situations."{x}".off=true' for x in ("free work", "group work", "test", "told off")),
        *(f"ages.{x}.off=true" for x in (1, 4, 7, 10)),
        *(f'camera.views."{x}".off=true' for x in ("seats seen well", "seats hardly seen")),
        "feedback.off=true",
    ]
    left = changes(load("as-described"), load(FULL, settings=off))
    assert left == {"title", f"classifier/confusion/{YOUNG}"}
    assert resolve_profiles(load("as-described")).keys() == resolve_profiles(load(FULL, settings=off)).keys()


def test_few_strata():
    d = load(FULL)
    assert strata(d) == 54 <= 60
    assert {t.levels for t in d.traits} == {3}
    assert "54 strata" in shipped_text(FULL)
    assert strata(load(FULL, policies=["temperaments"])) == 162
    assert "162 strata" in shipped_text("temperaments")


def test_it_has_all_tables_but_those_it_says():
    d = load(FULL)
    assert [name for name in FURTHER if not getattr(d, name)] == ["face"]
    assert d.population.opt_out == 0
    assert [s.name for s in d.situations] == ["free work", "group work", "test", "told off"]
    assert {t.acts_on for t in d.traits} == {"display", "label"}
    assert [r.name for r in d.rules if r.flag.startswith("top ")] == ["least engaged"]
    taken = {x.name: (x.rule or x.mark, x.after_year) for x in d.decisions}
    assert taken == {
        "advanced class": ("least engaged", 6), "admission": ("negative affect", 12), "trust score": ("often resistant", 12),
    }  # fmt: skip
    (second,) = (x for x in d.decisions if x.mark)
    assert second.by == "a second user"


def test_a_rule_that_couples_pupils_makes_nobody_hide():
    """Else the masking, and with it every finding, would hang on the class."""
    assert all(not r.notify for r in load(FULL).rules if r.flag.startswith("top "))


@pytest.mark.parametrize("name", [FULL, *WHERE])
def test_every_number_has_its_source_beside_it(name):
    numbers = 0
    for line in shipped_text(name).splitlines():
        key, _, comment = line.partition("#")
        if re.search(r"=.*\d", re.sub('"[^"]*"', "", key)):
            numbers += 1
            said = re.search(r"assumption|computed|press report", comment) or ID.search(comment)
            assert said, line
    assert numbers or name.startswith(("alerts", "switched"))


@pytest.mark.parametrize("name", [FULL, *WHERE])
def test_every_id_exists_and_what_was_only_quoted_is_said_to_be(name):
    text, known = shipped_text(name), catalogue()
    assert set(ID.findall(text)) <= set(known)
    if "A23" in text:
        assert {known[i].status for i in ("A22", "A23")} == {"secondary"}
        assert "A22, A23; seen quoted, not read" in text


def test_the_spread_is_the_measured_correlation():
    measured = figures("H02")["anger"]
    assert measured == 0.2
    for trait in load(FULL).traits:
        assert trait.sd == pytest.approx(sd_of(measured), abs=5e-4)
    ranges = [r for r in load(FULL).ranges if r.path[0] == "traits"]
    assert [(r.low, r.high, r.source) for r in ranges] == [(0.0, round(sd_of(0.3), 3), "H02, H04")] * 2
    assert max(figures("H02").values()) == 0.28


def test_the_spread_is_that_share_of_the_latent_variance():
    """Drawn: of the variance of u·sd plus logistic noise, the person's share is the correlation."""
    rng = np.random.default_rng(1)
    person = sd_of(0.2) * rng.standard_normal(400_000)
    one, other = (person + rng.logistic(size=person.size) for _ in range(2))
    assert np.corrcoef(one, other)[0, 1] == pytest.approx(0.2, abs=0.008)


def test_the_two_views_are_those_of_the_room():
    room = views_of(load("as-described", policies=["camera-over-the-board"]))
    well = [v for v in room if v.lost < 0.1]
    for view, seats in zip(load(FULL).camera.views, (well, [v for v in room if v not in well]), strict=True):
        share = sum(v.share for v in seats)
        found = [v.share * (1 - v.lost) for v in seats]
        lost = sum(v.share * v.lost for v in seats) / share
        dilution = sum(w * v.dilution for w, v in zip(found, seats, strict=True)) / sum(found)
        assert (view.share, view.lost, view.dilution) == pytest.approx((share, lost, dilution), abs=5e-4)


def test_young_faces_lose_what_the_networks_lose():
    young, older = figures("A22"), figures("A23")
    ratio = statistics.median(young[n] / older[f"{n}, NIMH-ChEFS"] for n in young)
    assert len(young) == 5
    assert round(ratio, 3) == 0.952
    profiles = load(FULL).classifier.confusion
    assert profiles[YOUNG].diagonal == pytest.approx(profiles["camera"].diagonal * ratio, abs=5e-4)
    (r,) = (r for r in load(FULL).ranges if r.path[2:] == (YOUNG, "diagonal"))
    (base,) = (r for r in load(FULL).ranges if r.path[2:] == ("camera", "diagonal"))
    assert (r.low, r.high) == pytest.approx((base.low * ratio, base.high * ratio), abs=2e-3)
    rows, plain = (resolve_profiles(load(FULL))[n] for n in (YOUNG, "camera"))
    right = {"neutral": "neutral", "happy": "happy", "sad": "sad", "frown": "angry", "fear": "fear"}
    for x, label in right.items():
        at = rows.expressions.index(x), rows.labels.index(label)
        assert rows.p[at] < plain.p[at]


def test_ages_run_from_six_to_the_end():
    d = load(FULL)
    assert [a.from_year for a in d.ages] == [1, 4, 7, 10]
    assert [a.profile for a in d.ages] == [YOUNG, None, None, None]
    # A display of an age or of most lessons would do away with the differences between groups.
    assert not any(a.display for a in d.ages)
    assert sum(s.share for s in d.situations if s.display) <= 0.05


def test_half_of_the_hiding_after_five_flags():
    f = load(FULL).feedback
    m = [1 - math.exp(-f.strength * c) for c in range(f.saturates_at + 1)]
    assert next(c for c, share in enumerate(m) if share >= 0.5) == 5
    assert m[-1] > 0.9


# The policies.


def test_they_are_all_here_and_each_folder_is_small():
    topics = policies_by_topic()
    assert {*topics["use"], *topics["traits"]} == set(WHERE)
    assert max(len(topics["use"]), len(topics["traits"])) <= 10


@pytest.mark.parametrize(("name", "on"), [(n, on) for n, where in WHERE.items() for on in where])
def test_each_is_valid_where_it_says(name, on):
    changed = load(on, policies=[name])
    assert digest(changed) != digest(load(on))
    assert {p.what for p in warnings(changed)} == {p.what for p in warnings(load(on))}


@pytest.mark.parametrize(("name", "on"), [(n, on) for n in WHERE for on in ("as-described", FULL) if on in WHERE[n]])
def test_each_changes_what_it_says_and_nothing_else(name, on):
    assert changes(load(on), load(on, policies=[name])) == CHANGES[name]


@pytest.mark.parametrize("name", WHERE)
def test_each_says_what_it_changes_and_why_one_would_try_it(name):
    text = shipped_text(name)
    head = text.partition("\n[")[0]
    assert head.startswith("# ")
    assert "\n# For " in head
    assert "Lay it on to " in head
    for other in re.findall(r"`([a-z0-9-]+)`", head):
        assert other in shipped() or other in WHERE


def test_their_figures():
    d = {name: load(FULL, policies=[name]) for name in WHERE if FULL in WHERE[name]}
    assert d["opt-out-30-percent"].population.opt_out == 0.3
    assert d["opt-out-30-percent"].population.opt_out_rank == "left out"
    assert d["keep-30-days"].file.keep_days == 30
    assert d["look-every-30-seconds"].camera.observe_every_seconds == 30
    assert {r.notify for r in d["alerts-to-a-counsellor"].rules} == {("counsellor",), ()}
    off = d["switched-off-in-full"]
    assert (off.rules, off.file.marks, off.decisions) == ((), (), ())
    assert load("as-described", policies=["switched-off"]).rules == ()
    up, down = (math.exp(s * math.sqrt(3) * d["temperaments"].traits[-1].sd) for s in (1, -1))
    assert f"{up:.1f} times as long" in shipped_text("temperaments")
    assert f"{down:.2f} times" in shipped_text("temperaments")


@pytest.mark.parametrize(("name", "on"), [("switched-off", FULL), ("switched-off-in-full", "as-described")])
def test_the_wrong_way_to_switch_off_is_refused(name, on):
    with pytest.raises(MisreadError):
        load(on, policies=[name])


def test_they_can_be_laid_on_together():
    names = ["opt-out-30-percent", "keep-30-days", "alerts-to-a-counsellor", "look-every-30-seconds", "temperaments"]
    together = changes(load(FULL), load(FULL, policies=names))
    assert together == set().union(*(CHANGES[n] for n in names))


# The page.


@pytest.mark.parametrize(("on", "text"), EXAMPLES)
def test_every_example_is_a_policy_that_changes_something(on, text, file):
    assert digest(load(on, policies=[file(text, "mine.toml")])) != digest(load(on))


def test_there_is_an_example_of_every_table(file):
    tables = {name for _, text in EXAMPLES for name in changes(load("as-described"), laid(file, text))}
    heads = {path.split("/")[0] for path in tables}
    assert heads == {*FURTHER, "population", "camera", "rules"}


def test_the_table_of_spreads():
    rows = table_after(PAGE, "spread")
    assert [float(c) for c, _, _ in rows] == [0, 0.1, 0.2, 0.3]
    nodes, weights = np.polynomial.hermite_e.hermegauss(3)
    assert weights / weights.sum() == pytest.approx([1 / 6, 2 / 3, 1 / 6])
    assert nodes[-1] == pytest.approx(math.sqrt(3))
    for c, sd, odds in rows:
        assert sd == f"{sd_of(float(c)):.3f}"
        assert odds == f"× {math.exp(nodes[-1] * sd_of(float(c))):.2f}"


def test_the_table_of_numbers():
    d = load(FULL)
    rows = {what: (value, low) for what, value, low, _ in table_after(PAGE, "numbers")}
    young = d.classifier.confusion[YOUNG].diagonal
    ranges = {r.path[-2:]: f"{r.low:g} to {r.high:g}" for r in d.ranges}
    assert rows["seats seen well, and hardly"][0] == ", ".join(f"{v.share:g}" for v in d.camera.views)
    assert rows["spread of each trait"] == (f"{d.traits[0].sd:g}", ranges["read as angry", "sd"])
    assert rows["to age eight, faces are read right"] == (f"{young:g}", ranges[YOUNG, "diagonal"])
    assert rows["hiding, in the end"] == (f"{d.feedback.max:g}", ranges["feedback", "max"])
    assert rows["hiding, per flag"] == (f"{d.feedback.strength:g}", ranges["feedback", "strength"])
    factors = [x for a in d.ages for x in a.mean_minutes.values()]
    assert rows["boredom and anxiety by age"][0] == f"{min(factors):g} to {max(factors):g}"


def test_every_policy_is_in_its_table():
    assert [name.strip("`") for name, _, _ in table_after(PAGE, "policies")] == list(WHERE)


def test_every_id_on_the_page_exists():
    assert set(ID.findall(PAGE)) <= set(catalogue())
