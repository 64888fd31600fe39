"""Further tables that change nothing, or in a limit: what they come to is known without them."""

from __future__ import annotations

import itertools
import math
import tomllib

import numpy as np
import pytest
from scipy.linalg import null_space

from misread.findings.about import KEYS
from tests.engine.chains import near

from .test_enumerated import VIEWS, product
from .test_further import AGES, BRIEF, FACE, FEEDBACK, SHORT, SITUATIONS, TINY, TRAITS, with_


def values(found, but=()):
    """Values by what they are about, rows of some keys left out."""
    return {
        (f.id, f.rule, f.group, *(getattr(f, k) for k in KEYS)): f.value
        for f in found
        if not any(getattr(f, k) for k in but)
    }


def alike(one, other, rel=1e-11, tiny=1e-13):
    assert one.keys() == other.keys()
    for key, value in one.items():
        if value is None or other[key] is None:
            assert value is other[key], key
        else:
            assert near(value, other[key], rel=rel, tiny=tiny), (key, value, other[key])


def one_trait(text):
    return f"[[traits]]{text}"


EACH = [one_trait(t) for t in TRAITS.split("[[traits]]")[1:]]


@pytest.mark.parametrize("trait", EACH, ids=["display", "label", "state"])
def test_a_trait_that_spreads_nobody_is_none(tmp_path, trait):
    want = values(product(with_(SHORT, VIEWS), tmp_path))
    for sd, levels, rel in ((0, 5, 1e-11), (1e-9, 5, 1e-7), (0.9, 1, 1e-11)):
        lines = [line for line in trait.splitlines() if not line.startswith(("sd", "levels"))]
        text = "\n".join([*lines, f"sd = {sd}", f"levels = {levels}\n"])
        alike(
            values(product(with_(SHORT, VIEWS, text), tmp_path), but=["trait"]),
            want,
            rel,
            tiny=1e-9 if sd == 1e-9 else 1e-13,
        )


def test_a_trait_s_levels_pool_to_all(tmp_path):
    found = product(with_(SHORT, *EACH[1:2]), tmp_path)
    # The three nodes of Gauss and Hermite for the standard normal law: 0 and ±√3, with weights 2/3 and 1/6.
    false = [
        found.one("false_flags_per_pupil_year", rule="sad enough", trait=f"read as sad, level {i} of 3").value
        for i in (1, 2, 3)
    ]
    whole = found.one("false_flags_per_pupil_year", rule="sad enough").value
    assert near(whole, false[0] / 6 + false[1] * 2 / 3 + false[2] / 6)
    # The middle one is the median pupil, who is read as if there were no trait.
    assert near(false[1], product(SHORT, tmp_path).one("false_flags_per_pupil_year", rule="sad enough").value)


def test_more_levels_come_to_the_integral(tmp_path):
    def at(levels):
        text = EACH[0].replace("levels = 2", f"levels = {levels}")
        return values(product(with_(SHORT, text), tmp_path), but=["trait"])

    many, fewer = at(40), at(12)
    for key, value in many.items():
        if value is not None and not key[0].startswith("false_flags_end"):
            assert value == pytest.approx(fewer[key], rel=2e-4, abs=1e-6), key


def test_faces_that_last_no_time_are_drawn_at_each_look(tmp_path):
    want = values(product(BRIEF, tmp_path))
    away = []
    for hold in (1e-2, 1e-3, 1e-4):
        found = values(product(with_(BRIEF, FACE.replace("6.0", str(hold))), tmp_path))
        assert found.keys() == want.keys()
        away.append(max(abs(v - want[k]) for k, v in found.items() if v is not None and not k[0].startswith("obs")))
    # Looks are minutes apart: a face is drawn anew in between but for exp(−300), and so are a day's first ones.
    assert max(away) < 1e-9


def test_faces_that_hardly_last_keep_their_shares(tmp_path):
    # However long faces last, as many of them are shown, and the states are the pupil's own.
    want = values(product(BRIEF, tmp_path))
    found = values(product(with_(BRIEF, FACE), tmp_path))
    for key, value in found.items():
        if key[0] in ("label_share", "claimed_share", "lesson_prevalence", "observations") or "perfect" in key:
            assert value is want[key] or near(value, want[key], rel=1e-10, tiny=1e-13), key
    assert not near(found["flags_per_pupil_year", "sad enough", "all", *[None] * len(KEYS)],
                    want["flags_per_pupil_year", "sad enough", "all", *[None] * len(KEYS)], rel=1e-2)  # fmt: skip


def test_faces_and_states_that_last_for_good(tmp_path):
    # One state and one face all day: looks are then independent of each other, given both.
    text = TINY.replace("{ engaged = 12.0, bored = 7, anxious = 4.5 }", "{ engaged = 8e8, bored = 3e8, anxious = 2e8 }")
    found = product(with_(text, FACE.replace("6.0", "1e9")), tmp_path)
    file = tomllib.loads(text)
    states = file["pupil"]["states"]
    rates = np.zeros((3, 3))
    for a, row in file["pupil"]["next"].items():
        for b, p in row.items():
            rates[states.index(a), states.index(b)] = p / file["pupil"]["mean_minutes"][a]
    stays = np.abs(null_space(1e9 * (rates - np.diag(rates.sum(axis=1))).T)[:, 0])
    looks = 6
    for group in file["population"]["groups"]:
        rows = file["classifier"]["confusion"][group["profile"]]
        display = file["display"][group.get("display", "default")]
        some_false = false = 0.0
        for z, p in zip(states, stays / stays.sum(), strict=True):
            for face, q in display[z].items():
                hit = rows[face].get("sad", 0) + rows[face].get("none", 0)
                false += p * q * hit * looks * (z != "anxious")
                some_false += p * q * (1 - (1 - hit) ** looks) * (z != "anxious")
        about = {"rule": "any word", "group": group["name"]}
        assert near(found.one("p_false_flag_by_day_1", **about).value, some_false, rel=1e-6)
        assert near(found.one("false_flags_per_pupil_year", **about).value, false * 2, rel=1e-6)


PLAIN = '[[situations]]\nname = "plain"\nshare = 1.0\n'


@pytest.mark.parametrize("face", [(), (FACE,)], ids=["fresh faces", "lasting faces"])
def test_lessons_that_are_all_alike(tmp_path, face):
    want = values(product(with_(BRIEF, *face), tmp_path))
    one = product(with_(BRIEF, *face, PLAIN), tmp_path)
    alike(values(one, but=["situation"]), want)
    two = PLAIN.replace("1.0", "0.4") + PLAIN.replace("1.0", "0.6").replace('"plain"', '"too"')
    # The same display by another name is no change either, for those whose own it is; nor are factors of 1.
    two += 'display = "default"\nmean_minutes = { bored = 1 }\n'
    twice = product(with_(BRIEF.replace('display = "flat", ', ""), *face, two), tmp_path)
    plain = values(product(with_(BRIEF.replace('display = "flat", ', ""), *face), tmp_path))
    alike(values(twice, but=["situation"]), plain)
    for f in one["flags_per_lesson"]:
        yearly = one.one("flags_per_pupil_year", rule=f.rule, group=f.group, reader=f.reader).value
        assert near(f.value, yearly / 2 / 2)


def test_lessons_that_nobody_has(tmp_path):
    text = PLAIN + SITUATIONS.split("[[situations]]")[2].join(["[[situations]]", ""]).replace("0.25", "0", 1)
    display = SITUATIONS[SITUATIONS.index("[display.guarded]") :]
    found = product(with_(BRIEF, text.split("[display")[0], display), tmp_path)
    alike(values(found, but=["situation"]), values(product(BRIEF, tmp_path)))


def test_years_that_are_all_alike(tmp_path):
    text = SHORT.replace("school_years = 2", "school_years = 4")
    want = values(product(with_(text, VIEWS), tmp_path))
    found = product(with_(text, VIEWS, "[[ages]]\nfrom_year = 3\nmean_minutes = { bored = 1 }\n"), tmp_path)
    alike(values(found, but=["age"]), want)
    for f in found:
        if f.age:
            about = {k: getattr(f, k) for k in KEYS if k != "age"}
            whole = found.one(f.id, rule=f.rule, group=f.group, **about).value
            assert f.value == whole or near(f.value, whole)


@pytest.mark.parametrize(("year", "first"), [(1, True), (3, False)])
def test_an_age_that_holds_always_or_never(tmp_path, year, first):
    older = AGES[AGES.index("[display.older]") :]
    age = f'[[ages]]\nfrom_year = {year}\ndisplay = "older"\n'
    found = product(with_(SHORT, age, older), tmp_path)
    # Both groups' faces are as the age says from the first year on; an age nobody reaches changes nothing.
    text = with_(SHORT.replace('display = "flat"', 'display = "older"'), older) if first else SHORT
    text = text.replace("share = 0.75, profile", 'share = 0.75, display = "older", profile') if first else text
    alike(values(found, but=["age"]), values(product(text, tmp_path)))


@pytest.mark.parametrize("weak", ["max = 0", "strength = 0"])
def test_faces_that_flags_do_not_hide(tmp_path, weak):
    key = weak.split()[0]
    text = "\n".join(weak if line.startswith(key) else line for line in FEEDBACK.splitlines())
    found, plain = values(product(with_(TINY, VIEWS, text), tmp_path)), values(product(with_(TINY, VIEWS), tmp_path))
    gone = {k for k in plain if k not in found}
    assert {k[0] for k in gone} <= {"p_mark", "p_mark_unearned", *(f"false_flags_end_p{q}" for q in ("05", "50", "95"))}
    hidden = {k: v for k, v in found.items() if k[0] == "masking_end"}
    assert set(hidden.values()) == {0.0}
    alike({k: v for k, v in found.items() if k not in hidden}, {k: v for k, v in plain.items() if k not in gone}, 1e-9)


def test_faces_wholly_hidden_after_the_first_flag(tmp_path):
    # After any flag that tells somebody, all faces look neutral for good.
    text = TINY.replace('flag = "1 of last 2"', 'flag = "1 of last 1"')
    text = "".join(part for part in text.partition("[[rules]]")[:1]) + "[[rules]]" + text.split("[[rules]]")[2]
    text += '[file]\nkeep_days = "forever"\n'
    hide = '[feedback]\nexpression = "neutral"\nmax = 1\nstrength = 1e9\nsaturates_at = 1\n'
    found, plain = product(text + hide, tmp_path), product(text, tmp_path)
    for group, neutral in (("most", 0.07 + 0.02), ("few", 0.4 + 0.1)):
        about = {"rule": "any word", "group": group}
        open_, hit = plain.one("flags_per_pupil_year", **about).value / 2, neutral
        none = 1 - sum(plain.one(f"p_{kind}_by_day_1", **about).value for kind in ("false_flag", "only_true_flags"))
        # The first day finds open faces; a later one does with the chance of no flag so far.
        mornings = [none**day for day in range(4)]
        flags = sum(p * open_ + (1 - p) * hit * 6 for p in mornings)
        assert near(found.one("flags_per_pupil_year", **about).value * 2, flags)
        assert near(found.one("masking_end", group=group).value, 1 - none**3)
        assert math.isclose(found.one("p_false_flag_by_day_1", **about).value,
                            plain.one("p_false_flag_by_day_1", **about).value, rel_tol=1e-11)  # fmt: skip


TOP = '[[rules]]\nname = "top"\nlabels = ["sad"]\nflag = "top 3 of class"\nclaims = ["bored"]\n'
DECISION = '[[decisions]]\nname = "stream"\nrule = "top"\nchoose = "fewest"\nshare = 0.2\nafter_year = 1\n'


@pytest.mark.parametrize("told", ["[]", '["teacher"]', '["parent"]'])
def test_what_couples_pupils_is_left_out_and_nothing_else(tmp_path, told):
    text = TINY + f"{TOP}notify = {told}\n{DECISION}"
    found, plain = values(product(text, tmp_path)), values(product(TINY, tmp_path))
    gone = (
        {"alerts_per_teacher_day"} if "teacher" in told else {"alerts_per_family_year"} if "parent" in told else set()
    )
    alike(found, {k: v for k, v in plain.items() if k[0] not in gone})


@pytest.mark.parametrize("told", [True, False])
def test_faces_that_a_class_s_flags_hide_are_left_out(tmp_path, told):
    text = with_(TINY + TOP + ("" if told else "notify = []\n"), FEEDBACK)
    found, plain = values(product(text, tmp_path)), values(product(with_(TINY, FEEDBACK), tmp_path))
    if not told:
        alike(found, plain)
        return
    # What is left does not look at faces.
    assert {k[0] for k in found if "perfect" not in k} == {
        "observations", "labels_archived", "claimed_share", "lesson_prevalence",
    }  # fmt: skip
    alike(found, {k: plain[k] for k in found})
    assert {k for k in plain if "perfect" in k and not k[0].startswith("alerts")} <= found.keys()


@pytest.mark.parametrize("years", [1, 2])
def test_a_rolling_year_is_a_school_year_only_in_the_first(tmp_path, years):
    text = SHORT.replace("school_years = 2", f"school_years = {years}")
    rolling = text.replace('rule = "any word", flags = 2', 'rule = "any word", flags = 2, within = "rolling year"')
    found, plain = values(product(rolling, tmp_path)), values(product(text, tmp_path))
    gone = {k for k in plain if "moody" in k} if years > 1 else set()
    alike(found, {k: v for k, v in plain.items() if k not in gone})


def test_the_order_of_further_tables_changes_nothing(tmp_path):
    both = [EACH[0], EACH[2]]
    one = values(product(with_(SHORT, *both), tmp_path))
    for order in itertools.permutations(both):
        alike(values(product(with_(SHORT, *order), tmp_path)), one)
    a, b = (f"[[ages]]{t}" for t in AGES.partition("[display.older]")[0].split("[[ages]]")[1:])
    older = AGES[AGES.index("[display.older]") :]
    text = SHORT.replace("school_years = 2", "school_years = 3")
    alike(values(product(with_(text, a, b, older), tmp_path)), values(product(with_(text, b, a, older), tmp_path)))
