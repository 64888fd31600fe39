"""Every row, value by value, against the pupils themselves."""

from __future__ import annotations

import math
import tomllib

import numpy as np
import pytest
import tomli_w

from misread.deployment import load
from misread.findings.about import KEYS
from misread.findings.definitions import DEFINITIONS
from misread.findings.sampled import Layout, chances, findings, tally
from misread.findings.variance import SOURCES
from misread.study.exact.run import measured

from .schools import EVERYTHING, everything, only, school

RULES, MARKS = ("sad enough", "mostly sad", "saddest"), ("resistant", "gloomy")
STATES, LABELS = ("engaged", "bored", "anxious"), ("neutral", "happy", "sad", "none")
SITUATIONS, VIEWS, GROUPS = ("plain", "test", "told off"), ("front", "back"), ("most", "few")
YEARS, DAYS, LESSONS = 3, 8, 2
LESSON_SHARES = {"lesson_sensitivity": (1, 0), "lesson_false_positive_rate": (3, 2), "spells_missed": (5, 4)}


class Pupils:
    """All watched pupils of some schools that a row is about: arrays cut to them, school years chosen."""

    def __init__(self, schools, f):
        self.f, self.schools = f, schools
        self.rule = RULES.index(f.rule) if f.rule else None
        self.reader = 1 if f.reader == "perfect" else 0
        self.who, self.when = [], []
        for s in schools:
            # Kinds count groups, then levels of the first trait, then of the second.
            group, easily, worried = np.unravel_index(s.kind, (2, 3, 2))
            who = s.watched & ((f.group == "all") | (np.array(GROUPS)[group] == f.group))
            if f.trait:
                name, level = f.trait.split(", level ")
                who &= {"easily sad": easily, "worried": worried}[name] + 1 == int(level[0])
            when = np.ones((YEARS, len(who)), bool)
            if f.view:
                when &= np.array(VIEWS)[s.view] == f.view
            if f.age:
                when &= (np.arange(YEARS) >= 2)[:, None] == (f.age == "from year 3")
            self.who.append(who)
            self.when.append(when)

    def get(self, of):
        """One array of all pupils: the last axis of each school's, cut and joined."""
        return np.concatenate([of(s)[..., who] for s, who in zip(self.schools, self.who, strict=True)], axis=-1)

    def years(self, of):
        """A sum over the school years chosen."""
        cut = zip(self.schools, self.who, self.when, strict=True)
        return sum(float((of(s) * when)[..., who].sum()) for s, who, when in cut)


def over(a, b):
    return float(a) / float(b) if b else None


def expected(schools, f):
    """A row's value by its definition; NotImplemented where another test is about it."""
    p = Pupils(schools, f)
    r, i, get, years = p.rule, p.reader, p.get, p.years
    pupils, in_all = sum(int(w.sum()) for w in p.who), DAYS * YEARS
    pupil_years = years(lambda s: np.ones((YEARS, len(s.kind))))
    looks = years(lambda s: s.labels.sum(axis=0))
    lessons = get(lambda s: s.lessons).sum()
    if f.id == "observations":
        return looks * 40 / len(schools)
    if f.id == "labels_archived":
        return over(looks, pupils)
    if f.id == "label_share":
        return over(years(lambda s: s.labels[LABELS.index(f.label)]), looks)
    if f.id == "claimed_share":
        return over(years(lambda s: s.claimed[r]), looks)
    if f.id == "masking_end":
        return over(get(lambda s: s.masking).sum(), pupils)
    if f.id == "flag_state_share":
        return over(get(lambda s: s.state_flags[r, STATES.index(f.state)]).sum(), get(lambda s: s.state_flags[r]).sum())
    if f.id.startswith("alerts"):
        told = {"alerts_per_teacher_day": [0, 2], "alerts_per_family_year": [0]}[f.id]
        flags = get(lambda s: s.flags[i, told].sum(axis=0)).sum()
        return flags / (len(schools) * 3 * in_all) if "teacher" in f.id else over(flags, pupil_years)
    if f.id.startswith("decision"):
        return decided(p, f)
    flags, false = years(lambda s: s.flags[i, r]), years(lambda s: s.false[i, r])
    if f.id == "lesson_prevalence":
        tally = get(lambda s: s.tally[0, r])
        return over(tally[0].sum(), tally[0].sum() + tally[2].sum())
    if f.id == "flags_per_pupil_year":
        return over(flags, pupil_years)
    if f.id == "false_flags_per_pupil_year":
        return over(false, pupil_years)
    if f.id == "flag_ppv":
        return over(flags - false, flags)
    if f.id == "flag_lift":
        blind = years(lambda s: s.true_if_random[r]) / (looks if r == 0 else lessons)
        return (flags - false) / flags / blind
    if f.id in LESSON_SHARES:
        part, whole = (get(lambda s, c=c: s.tally[i, r, c]).sum() for c in LESSON_SHARES[f.id])
        return over(part, whole)
    if f.id.startswith("p_false") or f.id.startswith("p_only"):
        last = {"day_1": 0, "week_1": 4, "year_1": DAYS - 1, "end": in_all - 1}[f.id.split("_by_")[1]]
        first_flag, first_false = get(lambda s: s.first_flag[i, r]), get(lambda s: s.first_false[i, r])
        some_false = [0 <= day <= last for day in first_false]
        if f.id.startswith("p_only"):
            return np.mean([0 <= day <= last and not bad for day, bad in zip(first_flag, some_false, strict=True)])
        return np.mean(some_false)
    if f.id.startswith("false_flags_end"):
        q = {"p05": 0.05, "p50": 0.5, "p95": 0.95}[f.id[-3:]]
        return np.sort(get(lambda s: s.false[i, r].sum(axis=0)))[math.ceil(q * pupils - 1e-9) - 1]
    if f.id == "flags_on_file_end":
        return get(lambda s: s.on_file[i, r]).mean()
    if f.id.startswith("p_mark"):
        m = MARKS.index(f.mark)
        earned = get(lambda s: s.mark_day[i, m]) >= 0
        return np.mean(earned & get(lambda s: s.unearned[i, m])) if "unearned" in f.id else np.mean(earned)
    if f.id.endswith("_per_lesson"):
        k, false_only = SITUATIONS.index(f.situation), int(f.id.startswith("false"))
        return over(get(lambda s: s.by_situation[i, r, false_only, k]).sum(), get(lambda s: s.lessons[k]).sum())
    if f.id == "map_reliability":
        return np.corrcoef(maps(p, r).T)[0, 1]
    return NotImplemented


def maps(p, r):
    """Pairs (odd, even) of a pupil's flags per lesson in a situation less its own per lesson."""
    half, lessons = p.get(lambda s: s.half[r]), p.get(lambda s: s.half_lessons)
    pairs = []
    for n in range(half.shape[-1]):
        for k in range(3):
            if (lessons[:, k, n] > 0).all():
                own = half[:, :, n].sum(axis=1) / lessons[:, :, n].sum(axis=1)
                pairs.append(half[:, k, n] / lessons[:, k, n] - own)
    return np.array(pairs)


def decided(p, f):
    """Wrong decisions, school by school."""
    d = ["advanced class", "helped"].index(f.decision)
    decision = load_once().decisions[d]
    wrong = chosen = watched = 0.0
    for s, who in zip(p.schools, p.who, strict=True):
        a, b = (chances(s.at_decision[i, d], s.watched, decision, "left out")[who] for i in range(2))
        wrong += sum(x * (1 - y) + (1 - x) * y for x, y in zip(a, b, strict=True))
        chosen, watched = chosen + a.sum(), watched + who.sum()
    share = chosen / watched
    return 2 * share * (1 - share) if f.id == "decision_lottery" else wrong / watched


_CACHE = {}


def load_once():
    return _CACHE["deployment"]


@pytest.fixture(autouse=True)
def _deployment(world):
    _CACHE["deployment"] = world[1]


def test_every_value_by_its_definition(schools, found):
    left = set()
    for f in found:
        want = expected(schools, f)
        if want is NotImplemented:
            left.add(f.id)
        else:
            assert f.value == pytest.approx(want, rel=1e-9), f
    assert left == {"file_variance_share", "disparity_false_flags", "difference_false_flags"}


def test_groups_apart(found):
    for rule in RULES:
        for reader in (None, "perfect"):
            most, few = (
                only(found, "false_flags_per_pupil_year", rule=rule, group=g, reader=reader).value for g in GROUPS
            )
            apart = (only(found, f"{id}_false_flags", rule=rule, reader=reader) for id in ("disparity", "difference"))
            assert [f.value for f in apart] == pytest.approx([max(most / few, few / most), abs(most - few)])


def test_variance_shares_add_up(found):
    for rule in RULES:
        for reader in (None, "perfect"):
            rows = [f for f in found if (f.id, f.rule, f.reader) == ("file_variance_share", rule, reader)]
            share = {f.source: f.value for f in rows}
            assert sum(share[s] for s in SOURCES) == pytest.approx(1)
            if reader is None:
                assert share["occasions"] + share["error"] == pytest.approx(share["within"])
            assert len(share) == (6 if reader else 8)


def test_standard_errors_are_those_of_a_survey(schools, found):
    """Σ (num − ratio·den)² · S/(S − 1) over the sum of den, for a ratio of each kind."""
    flags = [s.flags[0, 0][:, s.watched].sum() for s in schools]
    false = [s.false[0, 0][:, s.watched].sum() for s in schools]
    years = [YEARS * s.watched.sum() for s in schools]
    for id, num, den in (("flags_per_pupil_year", flags, years), ("flag_ppv", np.subtract(flags, false), flags)):
        share = sum(num) / sum(den)
        squares = sum((a - share * b) ** 2 for a, b in zip(num, den, strict=True))
        want = math.sqrt(squares * len(schools) / (len(schools) - 1)) / sum(den)
        assert only(found, id, rule="sad enough").se == pytest.approx(want)


def test_all_definitions_have_rows(found):
    assert {f.id for f in found} == set(DEFINITIONS)
    assert len({(f.id, f.rule, f.group, *(getattr(f, k) for k in KEYS)) for f in found}) == len(found)
    assert all(f.unit == DEFINITIONS[f.id].unit for f in found)


def test_same_rows_in_the_same_order_as_the_exact_engine(tmp_path):
    """On a deployment that couples nobody, the sampled engine adds rows but neither drops nor moves any."""
    tables = tomllib.loads(EVERYTHING)
    tables["rules"].pop()
    tables["file"]["marks"].pop()
    for key in ("feedback", "decisions"):
        tables.pop(key)
    text = tomli_w.dumps(tables)
    chain, deployment = everything(tmp_path, text)
    rows = np.stack([tally(school(chain, deployment, s), chain, deployment) for s in range(2)])

    def keys(found):
        return [(f.id, f.rule, f.group, *(getattr(f, k) for k in KEYS)) for f in found]

    exact = keys(measured(load(tmp_path / "everything.toml"), draws=0).findings)
    sampled = keys(findings(Layout.of(chain, deployment), rows))
    assert [key for key in sampled if key in set(exact)] == exact
    more = {key[0] for key in sampled if key not in set(exact)}
    assert more <= {"map_reliability", "file_variance_share"}
