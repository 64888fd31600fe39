"""Who carries the wrong flags, what is kept, and what it asks."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from misread.findings.table import Finding
from misread.report.page import school
from misread.report.words.lookup import Figures
from tests.report import made_up
from tests.report.made_up import finding


def groups(*values, ratio=None, more=None):
    rows = [
        finding("false_flags_per_pupil_year", v, 0, rule="r", group=f"g{i}", unit="1/pupil/year")
        for i, v in enumerate(values)
    ]
    rows.append(finding("disparity_false_flags", ratio, 0, rule="r", unit="ratio"))
    rows.append(finding("difference_false_flags", more, 0, rule="r", unit="1/pupil/year"))
    return school.carriers("r", Figures(rows))


def test_the_group_with_most_beside_the_one_with_fewest():
    told = school.carriers("negative affect", Figures(made_up.findings()))
    assert told.sentence == (
        "A child of “rests with a frown” carries 4.4 times as many wrong flags as a child of “rarely shows feeling” "
        "(between 3.3 and 5.5); 24 more each school year (between 18 and 30)."
    )
    (chart,) = told.charts
    assert [name for name, _ in chart.rows] == ["reference", "rests with a frown", "rarely shows feeling"]
    assert chart.summary.startswith("From 7.0 for “rarely shows feeling” to 31 for “rests with a frown”")


@pytest.mark.parametrize(
    ("told", "said", "drawn"),
    [
        (groups(0.0, 0.0, more=0.0), "No group carries a wrong flag.", 0),
        (groups(3.0, 3.0, ratio=1.0, more=0.0), "All groups carry the same number of wrong flags.", 1),
        (
            groups(3.0, 3.01, ratio=3.01 / 3, more=0.01),
            "All groups carry nearly the same number of wrong flags: at most 0.01 more each school year.",
            1,
        ),
        (
            groups(0.0, 5.0, more=5.0),
            "A child of “g1” carries wrong flags, a child of “g0” none: 5.0 more each school year.",
            1,
        ),
        (groups(5.0), "All children belong to one group here, so nothing is said of who would carry more.", 0),
    ],
)
def test_carriers_in_words(told, said, drawn):
    assert told.sentence == said
    assert len(told.charts) == drawn


def test_what_a_section_of_its_own_tells_by_trait_has_no_chart_here():
    row = {"rule": "r", "unit": "1/pupil/year"}
    traits = [finding("false_flags_per_pupil_year", v, 0, trait=f"t, level {v:g} of 2", **row) for v in (1.0, 2.0)]
    one = [*traits, finding("false_flags_per_pupil_year", 2.0, 0, group="g0", **row)]
    (chart,) = school.carriers("r", Figures(one)).charts
    assert chart.title.endswith("by trait")
    # Nothing would be left to say; that all belong to one group is no reason to say nothing of who carries more.
    assert school.carriers("r", Figures(one), by_trait=False) is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen(Finding):
    """A finding of an engine that tells seats apart."""

    view: str | None = None


def test_seats_have_a_chart_of_their_own():
    row = {"id": "false_flags_per_pupil_year", "rule": "r", "unit": "1/pupil/year", "method": "made up"}
    seats = [Seen(**row, group="all", value=v, view=view) for view, v in (("front", 3.0), ("back", 9.0))]
    groups = [Seen(**row, group=g, value=5.0) for g in ("a", "b")]
    by_group, by_seat = school.carriers("r", Figures([*seats, *groups])).charts
    assert by_group.title.endswith("by group")
    assert by_seat.title.endswith("by how the seat is seen")
    assert by_seat.summary == "From 3.0 for “front” to 9.0 for “back”: wrong flags per child and school year."


def test_the_words_written_down_of_a_hundred_looks():
    chart = school.label_chart(Figures(made_up.findings()))
    assert chart.summary == "Of 100 looks at a child, 74 end as “neutral”."
    assert [name for name, _ in chart.rows] == ["neutral", "sad", "angry", "none: no usable face"]
    assert school.label_chart(Figures([])) is None


def test_what_the_file_holds():
    facts = {f.id: f for f in school.file_facts(made_up.deployment().rules[0], Figures(made_up.findings()))}
    assert facts["flags_on_file_end"].figure == "245"
    assert facts["flags_on_file_end"].interval == "between 184 and 306"
    middle = facts["false_flags_end_p50"]
    assert (middle.figure, middle.tone) == ("150", "wrong")
    assert middle.what.endswith("at least half of the children get as many or more")
    assert middle.interval == (
        "at least one child in twenty gets 70 or fewer, and one in twenty 390 or more; the middle between 113 and 188"
    )
    assert facts["labels_archived"].figure == "116,640"


@pytest.mark.parametrize(
    ("p05", "p50", "p95", "figure", "interval", "tone"),
    [
        (0.0, 0.0, 0.0, "0", "at least 19 children in 20 get none", ""),
        (0.0, 0.0, 2.0, "0", "at least one child in twenty gets none, and one in twenty 2 or more", ""),
        (0.0, 3.0, 9.0, "3", "at least one child in twenty gets none, and one in twenty 9 or more", "wrong"),
    ],
)
def test_the_child_in_the_middle(p05, p50, p95, figure, interval, tone):
    rows = [
        finding(f"false_flags_end_{q}", v, 0, rule="negative affect")
        for q, v in (("p05", p05), ("p50", p50), ("p95", p95))
    ]
    (fact,) = school.file_facts(made_up.deployment().rules[0], Figures(rows))
    assert (fact.figure, fact.interval, fact.tone) == (figure, interval, tone)
    assert ("half" in fact.what) == (p50 > 0)


def test_a_file_without_flags_is_not_drawn():
    deployment, rule = made_up.deployment(), "negative affect"
    for flags in (0.0, 0.001):
        rows = [finding(id, flags, 0, rule=rule) for id in ("flags_per_pupil_year", "false_flags_per_pupil_year")]
        assert school.file_picture(rule, Figures(rows), deployment) is None
    picture, rows = school.file_picture(rule, Figures(made_up.findings()), deployment)
    assert len(picture.rows) == 12
    assert [f.id for _, f in rows] == ["flags_per_pupil_year", "false_flags_per_pupil_year"]


def test_a_mark_and_how_many_earn_it_on_wrong_flags():
    (mark,) = school.marks(Figures(made_up.findings()), made_up.deployment())
    assert mark.sentence == (
        "Of 100 children, 88 (between 79 and 97) would carry the word “resistant”; for 71 (between 53 and 89) of the "
        "100, at least half of the flags that earned it were wrong."
    )
    assert (mark.strip.filled, mark.unearned) == (88, 71)
    assert [f.id for _, f in mark.table] == ["p_mark", "p_mark_unearned"]
    ideal = finding("p_mark", 0.5, 0, rule="negative affect", mark="resistant", reader="perfect")
    (mark,) = school.marks(Figures([*made_up.findings(), ideal]), made_up.deployment())
    assert mark.sentence.endswith("were wrong. A perfect reader would give it to 50.")


def test_alerts_are_told_only_of_those_whom_a_rule_tells():
    figures = Figures(made_up.findings())
    teacher, family = school.workload(figures, made_up.deployment())
    assert (teacher.figure, family.figure) == ("3.4", "20")
    assert family.what == "alerts a school year to a family, for each child: one every 9 school days"
    rule = made_up.deployment().rules[0].model_dump()
    for notify, ids in (((), []), (("counsellor",), []), (("parent",), ["alerts_per_family_year"])):
        deployment = made_up.deployment(rules=({**rule, "notify": notify},))
        assert [f.id for f in school.workload(figures, deployment)] == ids


def test_on_whom_flags_fall_whatever_they_claim():
    rows = [("bored", 0.25), ("thinking", 0.6), ("calm", 0.0), ("lost", 0.15)]
    figures = Figures(
        Finding(id="flag_state_share", rule="r", group="all", value=p, unit="1", method="exact", state=s)
        for s, p in rows
    )
    said = school.fall_on("r", figures)
    assert "60 on children who were thinking, 25 on children who were bored and 15 on children who were lost" in said
    assert school.fall_on("other", figures) == ""
    never = Figures(
        [Finding(id="flag_state_share", rule="r", group="all", value=None, unit="1", method="", state="bored")]
    )
    assert school.fall_on("r", never) == ""
