"""The sections of the further tables: there only with their figures, true to them in words, and readable everywhere."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.findings.table import Finding
from misread.report.further import decisions, hiding, lessons, levels, measures, notes
from misread.report.words.lookup import Figures
from misread.report.words.sources import Parameter
from tests.report import made_up
from tests.report.pages import read

EXACT = "exact; interval: 95 % equal-tailed over 256 draws of the profiles"
SAMPLED = (
    "sampled at step tick on 20 schools; standard error clustered by school; no interval: the standard error counts "
    "chance between sampled pupils only, not what is unknown about the inputs"
)
RULES = ("negative affect", "anger")
SOURCES = {
    "negative affect": {"state": 0.05, "face": 0.42, "view": 0.09, "group": 0.06, "within": 0.36, "interaction": 0.02},
    "anger": {"state": 0.0, "face": 0.71, "view": 0.0, "group": 0.14, "within": 0.12, "interaction": 0.03},
}
READINGS = {"negative affect": {"occasions": 0.11, "error": 0.25}, "anger": {"occasions": 0.004, "error": 0.116}}
LESSONS = {"free work": (0.34, 0.19), "group work": (0.27, 0.16), "test": (0.37, 0.15), "told off": (0.44, 0.31)}
TRAITS = {"brow held low": (9.0, 14.0, 29.0), "read as angry": (11.0, 14.0, 22.0), "easily bored": (13.0, 14.0, 15.0)}
AGES = {"from year 1": 17.0, "from year 4": 13.0, "from year 7": 14.0, "from year 10": 14.5}
DECIDED = {"advanced class": (0.31, 0.375), "trust score": (0.17, 0.18)}
GROUPS = ("reference", "rests with a frown", "rarely shows feeling")


def deployment(**changes):
    """The made-up school, with every further table."""
    traits = (
        {"name": "brow held low", "acts_on": "display", "expression": "frown", "sd": 0.9, "levels": 3},
        {"name": "read as angry", "acts_on": "label", "label": "angry", "sd": 0.9, "levels": 3},
        {"name": "easily bored", "acts_on": "state", "state": "bored", "sd": 0.4, "levels": 3},
    )
    shares = (0.55, 0.3, 0.1, 0.05)
    further = {
        "traits": traits,
        "situations": tuple({"name": n, "share": s} for n, s in zip(LESSONS, shares, strict=True)),
        "ages": tuple({"from_year": int(a.split()[-1]), "mean_minutes": {"bored": 1.1}} for a in AGES),
        "feedback": {"expression": "neutral", "max": 0.5, "strength": 0.15, "saturates_at": 20},
        "decisions": (
            {
                "name": "advanced class",
                "rule": "negative affect",
                "by": "the school",
                "choose": "fewest",
                "share": 0.25,
                "after_year": 6,
            },
            {"name": "trust score", "mark": "resistant", "choose": "most", "share": 0.1, "after_year": 12},
        ),
    }
    return made_up.deployment(**{**further, **changes})


def provenance():
    """Where the further tables' numbers come from, beside those of the made-up run."""
    return [
        *made_up.provenance(),
        Parameter("traits[0].sd", "0.9", "H02; that it holds for the face is an assumption"),
        Parameter("traits[0].levels", "3", "assumption"),
        Parameter("situations[0].share", "0.55", "assumption"),
        Parameter("situations[1].share", "0.3", "assumption"),
        Parameter("feedback.max", "0.5", "G01, G05"),
        Parameter("feedback.strength", "0.15", "assumption"),
        Parameter("decisions[0].share", "0.25", "assumption"),
        Parameter("decisions[0].name", '"advanced class"'),
    ]


def exact_rows(draws=True):
    """What the exact engine gives."""
    spread = 0.2 if draws else 0.0
    keys = {"method": EXACT if draws else "exact; no interval: no draws were asked for"}
    rows = []
    for i, rule in enumerate(RULES):
        on = {"rule": rule, **keys}
        scale = (1.0, 0.2)[i]
        rows += [made_up.finding("file_variance_share", v, spread, source=s, **on) for s, v in SOURCES[rule].items()]
        for name, (all_flags, false) in LESSONS.items():
            of = {"situation": name, "unit": "1/lesson", **on}
            rows.append(made_up.finding("flags_per_lesson", all_flags * scale, spread, **of))
            rows.append(made_up.finding("false_flags_per_lesson", false * scale, spread, **of))
        for trait, values in TRAITS.items():
            for level, value in enumerate(values):
                rows += _who(value * scale, trait=f"{trait}, level {level + 1} of 3", spread=spread, **on)
        for age, value in AGES.items():
            rows += _who(value * scale, age=age, spread=spread, **on)
    rows += [made_up.finding("masking_end", v, spread / 2, group=g, **keys) for g, v in _hidden().items()]
    return rows


def _who(value, spread, **keys):
    right = min(0.9, 4.3 / value) if value else None
    return [
        made_up.finding("false_flags_per_pupil_year", value, spread, unit="1/pupil/year", **keys),
        made_up.finding("flag_ppv", right, spread, **keys),
    ]


def _hidden():
    return dict(zip(("all", *GROUPS), (0.43, 0.42, 0.48, 0.36), strict=True))


def sampled(id, value, se, **keys):
    """A row of the sampled engine."""
    keys = {"rule": None, "group": "all", "unit": "1", **keys}
    return Finding(id=id, value=value, se=se, n=20_000, method=SAMPLED, **keys)


def sampled_rows():
    """What only samples give."""
    rows = []
    for rule, parts in READINGS.items():
        rows += [sampled("file_variance_share", v, 0.004, rule=rule, source=s) for s, v in parts.items()]
        rows.append(sampled("map_reliability", 0.31, 0.011, rule=rule))
    for (name, (wrong, lots)), mark in zip(DECIDED.items(), (None, "resistant"), strict=True):
        on = {"decision": name, "mark": mark, "rule": "negative affect"}
        by_group = dict(zip(GROUPS, (wrong - 0.03, wrong + 0.13, wrong - 0.02), strict=True))
        rows += [sampled("decision_wrong", v, 0.003, group=g, **on) for g, v in {"all": wrong, **by_group}.items()]
        rows.append(sampled("decision_lottery", lots, 0.0, **on))
    return rows


def run(*more):
    """The made-up run with more rows."""
    run = made_up.findings()
    return replace(run, rows=(*run.rows, *more))


def report(*more, of=None, **changes):
    return made_up.report(run(*more), of or deployment(), **{"provenance": provenance(), **changes})


@pytest.fixture(scope="module")
def html():
    return report(*exact_rows(), *sampled_rows())


@pytest.fixture(scope="module")
def full(html):
    return read(html)


@pytest.fixture(scope="module")
def exact():
    return read(report(*exact_rows()))


def section(page, name):
    found = page.all("section", aria_labelledby=name)
    return found[0] if found else None


def said(page, name):
    """The section's answer: its first paragraph."""
    return section(page, name).all("p")[0].text


ONLY_THESE = """names => {
    for (const s of document.querySelectorAll('main > section'))
        if (!names.includes(s.getAttribute('aria-labelledby'))) s.remove();
    for (const d of document.querySelectorAll('details')) d.open = true;
}"""
"""What other tests look at takes most of the time here."""
SECTIONS = ("levels", "lessons", "measures", "decisions", "hiding")


def test_without_their_figures_there_are_none_of_the_sections(page):
    assert [name for name in SECTIONS if section(page, name)] == []


def test_sections_stand_in_their_order_with_the_sentence_first(full):
    names = [s.attributes["aria-labelledby"] for s in full.all("section")]
    assert [n for n in names if n in SECTIONS] == list(SECTIONS)
    for name in SECTIONS:
        first, second, *_ = section(full, name).children
        assert (first.tag, second.tag) == ("h2", "p")
        assert section(full, name).all("strong")[0].text == "assumptions"


def test_pictures_have_words_and_tables_have_heads(full):
    for name in SECTIONS:
        found = section(full, name)
        assert all(p.attributes.get("aria-label") for p in found.all(role="img"))
        assert all(h.attributes["scope"] in ("col", "row") for h in found.all("th"))
        for svg in found.all("svg"):
            assert svg.attributes.get("aria-hidden") == "true" or svg.attributes.get("role") == "img"
        linked = [a.attributes["href"] for a in found.all("a")]
        assert linked
        ids = {e.attributes["id"] for e in full.all() if "id" in e.attributes}
        assert {h.removeprefix("#") for h in linked} <= ids


# What the file measures


def test_samples_tell_what_a_child_went_through(full):
    sentence = said(full, "measures")
    assert sentence.startswith("Of all that sets one child’s “negative affect” flags of a year apart from another’s, ")
    assert "eleven parts in 100 are what the child went through. The rest is its face (42), " in sentence
    assert "at most" not in sentence
    assert "its nature (5)" in sentence
    assert "20,000 made-up children" in section(full, "measures").text
    assert "0.4 parts of 100 (one standard error)" in section(full, "measures").text


def test_without_samples_it_is_an_upper_bound_and_says_why(exact):
    assert "at most 36 parts in 100 are what the child went through (between 29 and 43)" in said(exact, "measures")
    text = section(exact, "measures").text
    assert "the first part holds chance errors of reading as well" in text
    assert "made-up children" not in text
    bar = measures.tell(RULES, Figures(run(*exact_rows())), deployment()).bars[0]
    assert bar.segments[0].source.key == "both"
    assert bar.interval == pytest.approx((28.8, 14.4))


def test_a_bound_is_rounded_up_and_its_interval_is_one_too():
    said = _measured(*_variance(face=0.9861, within=0.0139)).sentence
    assert "at most two parts in 100 are what the child went through, if the figures behind it are as stated." in said
    face, within = _variance(face=0.9861, within=0.0139)
    said = _measured(face, replace(within, low=0.001, high=0.4701)).sentence
    assert "at most two parts in 100 are what the child went through (up to 48, uncertainty counted)." in said


def test_an_estimate_below_nothing_is_too_small_to_tell():
    said = _measured(*_variance(face=0.8, within=0.2, occasions=-0.0002, error=0.2002)).sentence
    assert "is too small a part to tell from these samples. The rest is its face (80)" in said


def _variance(rule="negative affect", **shares):
    return [made_up.finding("file_variance_share", v, 0, rule=rule, source=s) for s, v in shares.items()]


def _measured(*rows, of=None):
    return measures.tell(RULES, Figures(rows), of or deployment())


def test_children_who_are_alike_leave_nothing_to_split():
    told = _measured(*_variance(state=0.0, face=0.0, view=0.0, group=0.0, within=1.0, interaction=0.0))
    assert told.bars == ()
    assert "Which of the two it is, this run does not say." in told.sentence
    html = report(*_variance(state=0.0, face=0.0, view=0.0, group=0.0, within=1.0, interaction=0.0))
    assert section(read(html), "measures").all(class_="share-bar") == []


def test_one_reading_without_the_other_is_no_split():
    assert _measured(*_variance(face=0.7, occasions=0.3)) is None
    assert _measured(*_variance(face=None, within=None)) is None


def test_a_part_too_small_to_see_is_still_said_where_it_is_the_answer():
    told = _measured(*_variance(face=0.8, within=0.2, occasions=0.002, error=0.198))
    first = told.bars[0].segments[0]
    assert (first.source.key, first.shown, first.figure, first.anchor) == ("lived", "< 1", "< 1", "start")
    assert "fewer than one part in 100 is what the child went through" in told.sentence


@given(
    st.lists(st.floats(-0.01, 1), min_size=7, max_size=7).filter(lambda v: sum(max(0, x) for x in v) > 0.1),
)
def test_the_bar_is_whole_and_figures_keep_apart(values):
    total = sum(max(0.0, v) for v in values)
    names = ("occasions", "error", "state", "face", "view", "group", "interaction")
    rows = _variance(**{n: v / total for n, v in zip(names, values, strict=True)})
    told = _measured(*rows)
    for bar in told.bars:
        assert bar.segments[0].start == 0
        for before, after in pairwise(bar.segments):
            assert after.start == pytest.approx(before.start + before.width, abs=0.01)
        assert 95 <= bar.segments[-1].start + bar.segments[-1].width <= 100.01
        edges = []
        for s in bar.segments:
            if s.figure:
                half = measures.DIGIT * len(s.figure) / 2
                middle = half + s.start if s.anchor == "start" else s.middle
                edges += [middle - half, middle + half]
        assert edges == sorted(edges)


# The map


def test_the_map_says_most_and_least_in_flags_of_100_lessons(full):
    assert said(full, "lessons") == (
        "By the rule “negative affect” a child gets 44 flags (between 35 and 53), 31 of them wrong, in 100 lessons of "
        "the kind “told off”; 27 flags (between 22 and 32), 16 of them wrong, in 100 of the kind “group work”."
    )
    text = section(full, "lessons").text
    assert "a child’s two maps would agree with correlation 0.31 (standard error 0.01)." in text
    first = lessons.tell(RULES, Figures(run(*exact_rows())), deployment()).maps[0]
    assert [m for _, m in first.marks] == ["0", "20", "40", "60"]
    assert [(k.wrong, k.total) for k in first.kinds] == [
        (pytest.approx(100 * f / 0.6, abs=0.01), pytest.approx(100 * a / 0.6, abs=0.01)) for a, f in LESSONS.values()
    ]


def test_a_map_that_was_not_drawn_twice_says_so(exact):
    assert section(exact, "lessons").all(class_="agree") == []
    assert "How far two maps of one child agree was not counted" in section(exact, "lessons").text


@pytest.mark.parametrize(("value", "shown"), [(-0.02, "−0.02"), (-0.001, "0.00"), (0.999, "nearly 1"), (1.0, "1.00")])
def test_correlations_at_the_ends(value, shown):
    row = sampled("map_reliability", value, None, rule="negative affect")
    told = lessons.tell(RULES, Figures(run(*exact_rows(), row)), deployment()).maps[0].agreement
    assert told.figure == shown
    assert 0 <= told.at <= 100


# Who


def test_who_carries_them_by_the_outer_levels_and_by_age(full):
    assert said(full, "levels").replace("\u00a0", " ") == (
        "A child with the most of “brow held low” gets 29 wrong flags a school year (between 23 and 35); one with the "
        "least, 9.0 (between 7.2 and 11). Of 100 alerts about the first 15 are right, about the second 48. Each is 17 "
        "of 100 children. By age, a child gets most wrong flags in school years 1 to 3, 17 a year, and fewest in "
        "school years 4 to 6, 13."
    )
    titles = [t.text for t in section(full, "levels").all("p", class_="level-title")]
    assert [t.split("how ")[0].split("the ")[0] for t in titles[:4]] == [
        "Brow held low",
        "Read as angry",
        "Easily bored",
        "Age",
    ]
    drawn = [c for c in section(full, "who").all(role="img") if "trait" in c.attributes["aria-label"]]
    assert drawn == []


def test_levels_that_hardly_any_child_has_set_no_scale():
    traits = ({"name": "u", "acts_on": "label", "label": "angry", "sd": 0.9},)
    values = [900.0, 9.0, 10.0, 11.0, 12.0, 13.0, 900.0]
    rows = [r for i, v in enumerate(values) for r in _who(v, 0, rule="anger", trait=f"u, level {i + 1} of 7")]
    told = levels.tell("anger", Figures(rows), deployment(traits=traits, ages=()))
    assert [line.wrong.figure for line in told.blocks[0].lines] == ["9.0", "10", "11", "12", "13"]
    assert [line.name for line in told.blocks[0].lines] == [
        "step 2 of 7", "step 3 of 7", "middle", "step 5 of 7", "step 6 of 7",
    ]  # fmt: skip
    assert len(told.table) == 2 * 7
    assert "Each is three of 100 children." in told.sentence


def test_a_rule_without_wrong_flags_has_no_such_picture():
    rows = _who(0.0, 0, rule="anger", age="from year 1") + _who(0.0, 0, rule="anger", age="from year 4")
    assert levels.tell("anger", Figures(rows), deployment()) is None


# Decisions


def test_decisions_in_children_beside_lots(full):
    assert said(full, "decisions") == (
        "Of 100 children, up to 31 would be treated differently by a decision, had the alerts been right; drawing lots "
        "would do that to 38."
    )
    first, second = section(full, "decisions").all("figure", class_="decision")
    assert (
        "The school chooses 25 of 100 children: those with the fewest flags of the rule “negative affect”" in first.text
    )
    assert "at the end of school year 6." in first.text
    assert "44 of “rests with a frown”" in first.text
    assert "Whoever decides chooses ten of 100 children, those with the word “resistant” first" in second.text
    drawn = [[len(h.all("use", class_="wrong")) for h in f.all("svg", class_="hundred")] for f in (first, second)]
    assert drawn == [[31, 38], [17, 18]]
    assert "moves" not in first.text
    assert "0.3 of 100 (one standard error)" in section(full, "decisions").text


@pytest.mark.parametrize(
    ("wrong", "verdict"), [(0.375, "no better than"), (0.37, "no better than"), (0.5, "worse than"), (0.2, "")]
)
def test_a_file_no_better_than_lots_is_called_so(wrong, verdict):
    on = {"decision": "advanced class", "rule": "negative affect"}
    rows = [sampled("decision_wrong", wrong, 0.003, **on), sampled("decision_lottery", 0.375, 0.0, **on)]
    told = decisions.tell(Figures(rows), deployment())
    assert told.sentence.startswith(f"Of 100 children, {round(100 * wrong + 0.01)} would be treated differently, had")
    assert "better than lots" not in told.sentence
    assert ("The file does" in told.decided[0].sentence) == bool(verdict)
    assert verdict in told.decided[0].sentence


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((0.2, 0.1), "would do that to 38."),
        ((0.375, 0.1), " One of the two does no better than lots."),
        ((0.376, 0.181), " No decision does better than lots."),
    ],
)
def test_the_answer_says_how_many_decisions_beat_lots(values, said):
    names = zip(DECIDED, values, (0.375, 0.18), (None, "resistant"), strict=True)
    rows = []
    for name, wrong, lots, mark in names:
        on = {"decision": name, "mark": mark, "rule": "negative affect"}
        rows += [sampled("decision_wrong", wrong, 0.003, **on), sampled("decision_lottery", lots, 0.0, **on)]
    assert decisions.tell(Figures(rows), deployment()).sentence.endswith(said)


def test_groups_that_hide_alike_are_drawn_once():
    rows = [made_up.finding("masking_end", 0.48 + i / 1000, 0, group=g) for i, g in enumerate(("all", *GROUPS))]
    assert len(hiding.tell(Figures(rows), deployment()).strips) == 1


def test_decisions_that_were_not_counted_are_not_passed_over(exact):
    assert "this run did not count whom it would hit" in said(exact, "decisions")
    assert section(exact, "decisions").all("figure") == []
    assert decisions.tell(Figures(()), deployment(decisions=())) is None


def test_those_without_a_file_are_said_to_be_ranked_or_not():
    population = {**made_up.deployment().model_dump()["population"], "opt_out": 0.3, "opt_out_rank": "worst"}
    told = decisions.tell(Figures(sampled_rows()), deployment(population=population))
    assert told.decided[0].what.endswith("Children who opted out are chosen last.")


# Hiding


def test_hiding_in_a_sentence(full):
    assert said(full, "hiding") == (
        "On the last day a child shows “neutral” instead of what its face would have shown 43 of 100 times (between 39 "
        "and 47), because of the flags it got before."
    )
    text = section(full, "hiding").text
    assert "50 of 100 faces are hidden in the end, half of that after 5 flags" in text
    assert "2 figures about how children hide: 1 assumed and 1 from published figures." in text


def test_no_feedback_no_section():
    assert hiding.tell(Figures(exact_rows()), made_up.deployment()) is None
    assert hiding.tell(Figures(()), deployment()) is None


# Beside every picture


def test_no_draws_is_said_with_its_reason():
    page = read(report(*exact_rows(draws=False)))
    for name in ("levels", "lessons", "measures", "hiding"):
        assert "Without an interval: no draws were asked for." in section(page, name).text


def test_standard_errors_are_set_apart_from_intervals():
    both = replace(sampled("decision_wrong", 0.3, 0.0123), low=0.2, high=0.4)
    assert notes.chance([both], 100, " of 100") == (
        "Counted on 20,000 made-up children. On as many others the figures would differ by about 1.2 of 100 (one "
        "standard error), apart from what the interval leaves open."
    )
    assert notes.chance([replace(both, se=None)]).endswith("cannot be told from these.")
    assert notes.chance(exact_rows()) == ""
    ends = [replace(both, se=se, low=None, high=None) for se in (0.0, 0.004, 0.0121)]
    assert "by about 1.2 of 100 (the largest of their standard errors)." in notes.chance(ends, 100, " of 100")


def test_what_figures_rest_on_is_counted(exact):
    told = notes.stated((), "kinds of lesson", "situations")
    assert told.words == "Where the figures about kinds of lesson come from, the deployment does not say."
    assert "The deployment states 2 figures about kinds of lesson: all assumed." in section(exact, "lessons").text


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1136, "light")])
def test_axe_finds_nothing_and_nothing_is_cut_off(browser, html, tmp_path, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    path = tmp_path / "further.html"
    path.write_text(html, encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    try:
        page = context.new_page()
        page.goto(path.as_uri())
        page.evaluate(ONLY_THESE, list(SECTIONS))
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
        texts = page.evaluate(
            """() => [...document.querySelectorAll('.levels text, .agree text, .share-bar text, .axis span')]
            .map(e => e.getBoundingClientRect()).filter(r => r.width).map(r => [r.left, r.right])"""
        )
        assert texts
        assert min(left for left, _ in texts) >= 0
        assert max(right for _, right in texts) <= width
        found = Axe().run(page).response["violations"]
        assert [f"{v['id']}: {n['target']} {n['failureSummary']}" for v in found for n in v["nodes"][:3]] == []
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 673, "height": 900})
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 673
    finally:
        context.close()
