"""Lessons: minutes that add up, answers that are so, agreement by hand."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

import pytest

from misread.deployment import load
from misread.errors import MisreadError
from misread.study.exact.run import measured
from misread.web.pages.classroom.day import class_day
from misread.web.pages.lessons import DAY, DEPLOYMENT, view
from misread.web.pages.lessons.agreement import agreement, favourites
from misread.web.pages.lessons.cards import Table
from misread.web.pages.lessons.compared import compared
from misread.web.pages.lessons.plans import LESSONS
from tests.web.conftest import violations


def test_the_minutes_add_up() -> None:
    for lesson in LESSONS.values():
        assert set(lesson.steps) == {20, 45}
        for minutes, steps in lesson.steps.items():
            assert sum(step.minutes for step in steps) == minutes
            assert all(step.name and step.does.endswith((".", "?")) for step in steps)


def test_agreement_is_the_share_of_pairs() -> None:
    """Counted pair by pair; kappa's chance part counted vote by vote."""
    votes = ((9, 5, 0), (2, 0, 12), (0, 1, 0), (3, 3, 3))
    found = agreement(votes)
    assert found is not None
    people = [[word for word, n in enumerate(face) for _ in range(n)] for face in votes if sum(face) > 1]
    same = [[a == b for a, b in combinations(face, 2)] for face in people]
    pairs = sum(sum(one) / len(one) for one in same) / len(same)
    everyone = [word for face in people for word in face]
    chance = sum(a == b for a in everyone for b in everyone) / len(everyone) ** 2
    assert found.faces == 3
    assert found.pairs == pytest.approx(pairs)
    assert found.chance == pytest.approx(chance)
    assert found.kappa == pytest.approx((pairs - chance) / (1 - chance))


def test_agreement_at_its_ends() -> None:
    assert agreement(((0, 0), (1, 0))) is None
    same = agreement(((4, 0), (0, 4)))
    assert same is not None
    assert (same.pairs, same.kappa) == (1, 1)
    one_word = agreement(((4, 0), (3, 0)))
    assert one_word is not None
    assert one_word.kappa is None
    assert favourites((0, 0)) == ()
    assert favourites((2, 2, 1)) == (0, 1)


@pytest.mark.parametrize("klass", ["1", "2", "33"])
def test_the_answers_are_so(klass: str) -> None:
    told = view({"show": "answers", "lesson": "older", "class": klass})
    day = class_day(DEPLOYMENT, "", 1, 1, int(klass), DAY)
    looks = {(pupil.number, at): look for pupil in day.pupils for at, look in enumerate(pupil.looks)}
    for card in told["cards"]:
        look = looks[card.pupil, card.at]
        assert (card.expression, card.state, card.label) == (look.expression, look.state, look.label)
    assert len({card.pupil for card in told["cards"]}) == 8
    trouble, picked = {"bored", "frustrated", "anxious"}, {"sad", "angry", "fear"}
    four = told["table"]
    assert four.looks == len(looks) == 30 * 48
    assert four.hit_true == sum(x.state in trouble and x.label in picked for x in looks.values())
    assert four.true == sum(x.state in trouble for x in looks.values())
    assert four.hits == sum(x.label in picked for x in looks.values())
    assert four.hit_false + four.hit_true + four.missed + four.left == four.looks
    brows = [look for look in looks.values() if look.expression == "frown"]
    assert (told["lowered"], told["fine"]) == (len(brows), sum(x.state in {"engaged", "thinking"} for x in brows))
    assert len(told["messages"]) == 10
    assert told["wrong_of_shown"] == sum(not m["right"] for m in told["messages"])


@pytest.mark.parametrize(("show", "shown"), [("plans", 4), ("sheet", 8), ("answers", 8), ("exercise", 8)])
def test_faces_can_be_taken_as_one_picture(show: str, shown: int) -> None:
    told = view({"show": show, "take": "faces-picture"})
    written = [text.text for text in ElementTree.fromstring(told["taken"]).iter("text")]
    cards = told["cards"][:shown]
    if show == "answers":
        assert written == [word for card in cards for word in (card.letter, card.state, card.label)]
    else:
        assert written == [card.letter for card in cards]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (Table(27, 23, 73, 77), "hardly tells them apart. There are 100 looks at the others, and 100 at"),
        (Table(90, 90, 10, 810), "the reader does tell them apart. There are 900"),
        (Table(10, 500, 90, 500), "picks out the others more often. There are 1,000"),
        (Table(0, 0, 5, 5), "None is picked out."),
        (Table(0, 3, 0, 5), ""),
    ],
)
def test_where_wrong_alerts_come_from_is_computed(table: Table, said: str) -> None:
    assert said in compared(table)
    assert bool(compared(table)) == bool(said)


def test_of_those_picked_out_so_many_are_wrong() -> None:
    """A good reader of what is rare: half of what it picks out is wrong, and blindly it would be nine of ten."""
    assert "So 50 of 100 that are picked out are at the others; picked blindly it would be 90." in compared(
        Table(90, 90, 10, 810)
    )


def test_only_faces_that_were_voted_on_are_counted() -> None:
    card = view({})["cards"][0]
    one = view({"show": "exercise", f"A-{card.state}": "9"})
    assert one["met"].endswith("for 1 of 1.")
    two = view({"show": "exercise", f"A-{card.state}": "9", "B-anxious": "2"})
    assert "for 1 of the 2 faces that you voted on" in two["met"]


def test_the_first_face_counted_as_right_says_what_its_rule_takes() -> None:
    told = view({"show": "answers"})
    (letter,) = told["takes"]
    first = next(card for card in told["cards"] if card.judged == "right")
    assert (letter, told["takes"][letter]) == (first.letter, "bored, frustrated or anxious")


def test_the_average_is_the_engines() -> None:
    found = measured(load(DEPLOYMENT), draws=0).findings.one("flag_ppv", rule="negative affect")
    assert view({})["of_ten"] == f"{10 - 10 * found.value:.0f}"


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ({"lesson": "grown-ups"}, "lesson"),
        ({"minutes": "30"}, "minutes"),
        ({"class": "34"}, "class"),
        ({"show": "<script>"}, "show"),
        ({"show": "exercise", "A-bored": "-1"}, "A-bored"),
        ({"show": "exercise", "H-anxious": "100"}, "H-anxious"),
    ],
)
def test_what_there_is_not_is_refused(asked: dict[str, str], key: str) -> None:
    with pytest.raises(MisreadError) as refused:
        view(asked)
    assert refused.value.problems[0].key == key


@pytest.mark.browser
@pytest.mark.parametrize("lesson", ["younger", "older"])
def test_a_plan_gives_no_answer_away_and_leads_to_what_it_needs(opened, lesson: str) -> None:
    page, heard = opened(f"/lessons?lesson={lesson}&minutes=45")
    faces = page.locator(".taste").text_content()
    assert "Felt" not in faces
    assert "Written down" not in faces
    ways = {link.get_attribute("href") for link in page.locator(".steps a:not(.term)").all()}
    for way in ways:
        assert page.request.get(page.url.partition("/lessons")[0] + way, headers={"prefer": "wait=120"}).ok
    assert {way.partition("?")[0] for way in ways} == {
        "younger": {"/lessons", "/classroom"},
        "older": {"/lessons", "/map", "/questions"},
    }[lesson]
    assert heard == []


@pytest.mark.browser
def test_a_class_measures_its_agreement_without_a_script(opened) -> None:
    page, heard = opened("/lessons?show=exercise", width=320, scheme="dark", java_script_enabled=False)
    page.get_by_role("group", name="Face A").get_by_label("bored").fill("9")
    page.get_by_role("group", name="Face A").get_by_label("engaged").fill("1")
    page.get_by_role("button", name="Measure our agreement").click()
    # 36 of 45 pairs agree; 0.9² + 0.1² = 0.82 by lot.
    assert page.text_content("h1").startswith("Of 100 pairs of you, 80 wrote the same word for a face. By lot")
    assert "it would be 82." in page.text_content("h1")
    assert "Words drawn by lot" in page.text_content(".lede")
    assert heard == []


@pytest.mark.browser
@pytest.mark.parametrize(
    ("path", "width", "scheme"),
    [("?show=exercise&A-bored=9", 320, "dark"), ("?show=answers&lesson=older", 320, "dark"), ("", 1280, "light")],
)
def test_nothing_that_axe_finds(opened, path: str, width: int, scheme: str) -> None:
    page, heard = opened(f"/lessons{path}", width=width, scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    assert heard == []


@pytest.mark.browser
@pytest.mark.parametrize("lesson", ["younger", "older"])
@pytest.mark.parametrize("show", ["sheet", "answers"])
def test_worksheets_print_on_few_pages(opened, show: str, lesson: str) -> None:
    page, _ = opened(f"/lessons?show={show}&lesson={lesson}")
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") + pdf.count(b"/Type /Page/") == 2
