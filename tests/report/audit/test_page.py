"""The report of an audit: what is said and drawn, against counting the rows by hand."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest
import scipy.stats

from misread.audit.groups.disparity import adjusted
from misread.audit.reading import Ask
from misread.language import LONG, speak
from misread.report.audit import body, render
from misread.report.audit import told as report
from misread.report.words import amount, count, half_up
from misread.report.words.lookup import shorten
from tests.report.audit import made_up
from tests.report.pages import Element, read

SECTIONS = {"confusion", "groups", "gaps", "crossed", "people", "sure", "conditions", "person", "power"}
"""What only some tables have."""


@pytest.fixture(scope="module")
def page() -> Element:
    return read(made_up.report())


@pytest.fixture(scope="module")
def bare() -> Element:
    return read(made_up.page_of(made_up.plain(), made_up.PLAIN))


def told(rows):
    """Rows with truth: what was shown and what was answered."""
    return [(row["shown"], row["answer"] or "none") for row in rows if row["shown"]]


def table(page: Element, caption: str) -> list[list[str]]:
    """Rows of the first table whose caption begins so, its head first."""
    found = next(t for t in page.all("table") if t.all("caption")[0].text.startswith(caption))
    return [[cell.text for cell in row.children] for row in found.all("tr")]


def section(page: Element, id: str) -> Element:
    return next(s for s in page.all("section") if s.attributes["aria-labelledby"] == id)


def percent(element: Element, name: str) -> float:
    value = element.attributes[name]
    assert value.endswith("%")
    return float(value[:-1])


def test_the_headline_counts_wrong_answers_of_ten(page):
    rows = told(made_up.rows())
    wrong = sum(shown != answer for shown, answer in rows) / len(rows)
    assert page.all("h1")[0].text == f"Of ten answers, {count(half_up(10 * wrong))} are wrong."


def test_chance_is_the_same_answers_in_another_order(page):
    rows = told(made_up.rows())
    shown, answered = Counter(s for s, _ in rows), Counter(a for _, a in rows)
    # Every answer beside every face: the share of pairs that agree.
    blind = sum(shown[word] * answered[word] for word in shown) / len(rows) ** 2
    cells = {row[0]: row for row in table(page, "Share of right answers")}
    assert float(cells["dealt out blindly"][1]) == pytest.approx(blind, rel=1e-5)


def holds_shares(heat: Element, rows) -> None:
    """Every cell of a map is what counting these rows gives."""
    counts, n = Counter(rows), Counter(shown for shown, _ in rows)
    head = [th.text for th in heat.all("th", class_="answer")]
    assert head == [*made_up.WORDS, "none"]
    for row in heat.all("tbody")[0].all("tr"):
        name, *cells, faces, _persons = row.children
        assert faces.text == f"{n[name.text]}"
        for label, cell in zip(head, cells, strict=True):
            assert cell.all("b")[0].text == str(half_up(100 * counts[name.text, label] / n[name.text]))
            kind = "right" if label == name.text else "none" if label == "none" else "wrong"
            assert f"is-{kind}" in cell.attributes["class"]


def test_cells_of_the_map_are_shares_of_rows(page):
    holds_shares(page.all("table", class_="heat")[0], told(made_up.rows()))


def test_each_group_has_a_map_of_its_own(page):
    titles = [s.text for s in section(page, "groups").all("summary")]
    assert "What is answered, by age (3 maps)" in titles
    assert "What is answered, by tone (2 maps)" in titles
    dark = next(t for t in page.all("table", class_="heat") if t.all("caption")[0].text.startswith("tone, dark: "))
    holds_shares(dark, told([row for row in made_up.rows() if row["tone"] == "dark"]))


def test_the_strongest_cell_of_a_row_has_most_colour(page):
    for row in page.all("table", class_="heat")[0].all("tbody")[0].all("tr"):
        cells = row.all("td", class_="cell")
        shares = [int(cell.all("b")[0].text) for cell in cells]
        strength = [int(re.search(r"--w:(\d+)%", cell.attributes["style"])[1]) for cell in cells]
        assert strength[shares.index(max(shares))] == max(strength)


def test_the_worst_row_is_told_first_in_counts_of_100(page):
    rows = told(made_up.rows())
    n = Counter(shown for shown, _ in rows)
    right = {word: sum(s == a == word for s, a in rows) / n[word] for word in made_up.WORDS}
    worst = min(right, key=right.get)
    first = section(page, "confusion").all("ul", class_="told")[0].all("li")[0].text
    assert first.startswith(f"Of 100 faces that show “{worst}”, it reads {half_up(100 * right[worst])} (between ")


@pytest.mark.parametrize("stated", [None, 0.03, {"sad": 0.03}])
def test_what_an_answer_is_worth_is_counted_in_people(stated):
    rows = told(made_up.plain())
    page = read(made_up.page_of(made_up.plain(), made_up.PLAIN, prevalence=stated))
    head, *cells = table(page, "Of 100 answers, so many are right")
    assert len(head) == {type(None): 4, float: 2, dict: 3}[type(stated)]
    share = stated or 0.05
    share = share if isinstance(share, float) else share["sad"]
    sad = [answer for shown, answer in rows if shown == "sad"]
    others = [answer for shown, answer in rows if shown != "sad"]
    # Of a million faces: those that show it and are named, beside all that are named.
    hits = 1e6 * share * sad.count("sad") / len(sad)
    false = 1e6 * (1 - share) * others.count("sad") / len(others)
    found = next(row for row in cells if row[0] == "sad")
    column = {type(None): 2, float: 1, dict: 2}[type(stated)]
    assert found[column].startswith(f"{amount(100 * hits / (hits + false))} (between ")
    assert ("none of them a finding" in section(page, "confusion").text) is (stated is None)


def test_dots_stand_where_the_rows_say(page):
    """Marks of the chart, turned back into shares by the axis under them."""
    rows = [row for row in made_up.rows() if row["shown"]]
    figure = next(f for f in section(page, "groups").all("figure") if "by “tone”" in f.all("h4")[0].text)
    axis = figure.all("div", class_="scale")[0].all("text")
    ends = [float(axis[0].text), float(axis[-1].text)]
    lines = [line for line in figure.all("div", class_="line") if line.all("p", class_="line-name")]
    assert [line.all("p", class_="line-name")[0].text for line in lines] == ["dark", "pale"]
    for line in lines:
        tone = line.all("p", class_="line-name")[0].text
        mine = [row for row in rows if row["tone"] == tone]
        share = sum(row["answer"] == row["shown"] for row in mine) / len(mine)
        place = percent(line.all("circle", class_="dot")[0], "cx")
        assert ends[0] + (ends[1] - ends[0]) * place / 100 == pytest.approx(100 * share, abs=0.01)
        said = line.all("p", class_="line-said")[0].text
        assert said.startswith(f"{half_up(100 * share)} ")
        assert f"{len(mine)} rows, {len({row['who'] for row in mine})} persons" in said
        bar = line.all("rect", class_="pale")[0]
        start = percent(bar, "x")
        assert start < place < start + percent(bar, "width")


def test_a_drawing_and_its_table_have_the_same_lines(page):
    for figure in page.all("figure", class_="lines"):
        names = [line.text for line in figure.all("p", class_="line-name")]
        rows = figure.all("details")[-1].all("tbody")[0].all("tr")
        assert len(names) == len(rows)
        assert figure.all("div", role="img")[0].attributes["aria-label"].strip()


def test_missing_answers_are_told_by_group_where_there_are_any(page):
    rows = [row for row in made_up.rows() if row["shown"]]
    cells = {row[0]: row for row in table(page, "No answer, by “tone”")}
    for tone in ("dark", "pale"):
        mine = [row["answer"] is None for row in rows if row["tone"] == tone]
        assert float(cells[tone][1]) == pytest.approx(sum(mine) / len(mine), rel=1e-5)
    every = [row for row in made_up.rows()[:300] if row["answer"]]
    told_all = read(made_up.page_of(every, Ask(truth="shown", prediction="answer", groups=("tone",))))
    assert not any(t.text.startswith("No answer, by") for t in told_all.all("caption"))


def test_the_band_of_equal_groups_is_around_all_and_as_wide_as_chance_makes_a_group_of_its_size(page):
    cells = table(page, "Right answers, by “tone”")[1:]
    share, n, worth = ({row[0]: float(row[i].replace(",", "")) for row in cells} for i in (1, 4, 6))
    common = sum(share[tone] * n[tone] for tone in share) / sum(n.values())
    figure = next(f for f in section(page, "groups").all("figure") if "by “tone”" in f.all("h4")[0].text)
    axis = [float(t.text) for t in figure.all("div", class_="scale")[0].all("text")]
    for line in figure.all("div", class_="line")[:2]:
        tone = line.all("p", class_="line-name")[0].text
        band = line.all("rect", class_="chance")[0]
        start, width = (percent(band, name) / 100 * (axis[-1] - axis[0]) for name in ("x", "width"))
        assert start + width / 2 == pytest.approx(100 * common, abs=0.01)
        # Two groups: their distances from all are as far apart as they weigh.
        variance = common * (1 - common) * (1 / worth[tone] - 1 / sum(worth.values()))
        t = scipy.stats.t.ppf(0.975, 29)
        assert width / 2 == pytest.approx(100 * t * variance**0.5, rel=1e-3)


def test_a_gap_is_told_only_where_it_is_shown(page):
    lines = [line for line in section(page, "gaps").all("div", class_="line") if line.all("p", class_="line-name")]
    rows = table(page, "Gaps between groups")[1:]
    assert len(lines) == len(rows)
    shown = 0
    for line, row in zip(lines, rows, strict=True):
        said = line.all("p", class_="line-said")[0].text
        if float(row[9]) < 0.05:
            shown += 1
            assert "is-wrong" in line.attributes["class"]
            assert "none shown" not in said
        else:
            assert "is-quiet" in line.attributes["class"]
            assert said.startswith("none shown, visible from ")
    # The tones do differ in these rows, and ages do not.
    assert 0 < shown < len(rows)
    caption = section(page, "gaps").all("figcaption")[0].text
    assert caption.startswith(f"{shown} of {len(rows)} comparisons show a difference")


def test_gaps_within_other_groups_are_told_where_somebody_asked(page):
    audit = made_up.audit(made_up.rows()[:400], replace(made_up.ASK, votes=(), paired=(), score=None))
    asked = adjusted(audit.disparity("accuracy", between="tone", within=["age"]))
    found = section(read(render(audit, command="x", asked=asked)), "within")
    names = [line.text for line in found.all("p", class_="line-name")]
    assert names == [f"Right answers (age {age})" for age in made_up.AGES]
    assert not [s for s in page.all("section") if s.attributes["aria-labelledby"] == "within"]


def test_the_legend_shows_both_colours_of_gaps_and_says_what_they_are(page):
    legend = section(page, "gaps").all("ul", class_="legend")[0].all("li")
    tones = {
        tone
        for li in legend
        for svg in li.all("svg")
        for tone in ("wrong", "quiet")
        if f"is-{tone}" in svg.attributes["class"] and svg.all("circle", class_="dot")
    }
    assert tones == {"wrong", "quiet"}


def test_what_stays_is_what_holm_leaves(page):
    rows = table(page, "Gaps between groups")[1:]
    left = sum(float(row[10]) < 0.05 for row in rows)
    assert len(section(page, "gaps").all("ul", class_="told")[0].all("li")) == min(left, 8) > 0


def test_every_section_is_there_where_everything_is_known(page):
    ids = {s.attributes["aria-labelledby"] for s in page.all("section")}
    assert ids >= SECTIONS


def test_sections_that_do_not_apply_are_absent(bare):
    ids = {s.attributes["aria-labelledby"] for s in bare.all("section")}
    assert ids & SECTIONS == {"confusion", "power"}


@pytest.mark.parametrize("known", [True, False])
def test_rows_taken_as_independent_are_called_so_wherever_intervals_are_shown(known):
    ask = Ask(truth="shown", prediction="answer", groups=("tone",), person="who" if known else None)
    page = read(made_up.page_of(made_up.rows()[:300], ask))
    words = "intervals treat rows as independent"
    assert ("intervals treat each row as independent" in page.all("header")[0].text) is not known
    assert all((words in section(page, id).text) is not known for id in ("confusion", "groups"))


def test_persons_that_nobody_knows_are_not_counted_as_none(bare):
    rows = table(bare, "Named when it is shown")
    assert {row[rows[0].index("persons")] for row in rows[1:]} == {"–"}


def test_votes_alone_make_a_page_about_the_people_who_voted():
    page = read(made_up.page_of(made_up.rows()[:300], Ask(votes=made_up.WORDS, groups=("age",))))
    assert page.all("h1")[0].text.startswith("Of 100 faces, one person names ")
    ids = {s.attributes["aria-labelledby"] for s in page.all("section")}
    assert ids & (SECTIONS | {"right", "school"}) == {"people"}
    assert [h.text for h in section(page, "people").all("h3")] == [
        "By the word that most of the others chose",
        "By “age”",
    ]


def test_the_worst_of_several_conditions_is_told_with_all_counted_in():
    ask = replace(made_up.ASK, votes=(), score=None, groups=(), paired=("dimmed", "turned"))
    rows = [{**row, "turned": row["dimmed"] if i % 9 else None} for i, row in enumerate(made_up.rows())]
    text = section(read(made_up.page_of(rows, ask)), "conditions").text
    changed = {c: sum(row[c] != row["answer"] for row in rows) / len(rows) for c in ("dimmed", "turned")}
    worst = max(changed, key=changed.get)
    low = float(re.search(rf"change under “{worst}”\. .* at least ([\d.]+) of 100 change", text)[1])
    assert 0 < low < 100 * changed[worst]
    one = section(read(made_up.report()), "conditions").text
    assert "looks worse than it is" not in one


def by(*columns: str) -> Ask:
    """Answers by groups, persons known."""
    return Ask(truth="shown", prediction="answer", groups=columns, person="who")


RARE = [f"Person Nr. {i}" for i in range(6)]


def test_of_too_few_persons_nothing_is_told():
    few = [{**row, "tone": "rare" if row["who"] in RARE[:2] else row["tone"]} for row in made_up.rows()]
    groups = section(read(made_up.page_of(few, by("tone"))), "groups")
    figure = next(f for f in groups.all("figure") if "by “tone”" in f.all("h4")[0].text)
    assert [line.all("b")[0].text != "–" for line in figure.all("div", class_="line")[:2]] == [True, True]
    assert "dark + (few)" in figure.text
    assert "rare" not in figure.text
    assert "“(few)” stands for levels of fewer than five persons each" in groups.text


def test_faces_of_too_few_persons_stand_in_no_rate_and_are_counted_apart():
    rows = [dict(row) for row in made_up.rows() if row["shown"]]
    few = [row for row in rows if row["who"] in RARE[:2] and row["shown"] == "sad"]
    for row in few:
        row["shown"] = "proud"
    facts = section(read(made_up.page_of(rows, by("age"))), "tested").all("div")
    told = {div.all("dd")[0].text: div.all("dt")[0].text for div in facts}
    apart = {what: n for what, n in told.items() if what.startswith("rows stand in no rate")}
    whole = next(n for what, n in told.items() if what.startswith("rows with a truth"))
    assert [int(n) for n in apart.values()] == [len(few)]
    assert int(whole) + len(few) == len(rows)


def test_of_a_single_level_is_said_why_and_nothing_is_drawn():
    few = [{**row, "tone": "rare" if row["who"] in RARE[:2] else "pale"} for row in made_up.rows()]
    groups = section(read(made_up.page_of(few, by("tone"))), "groups")
    assert "nothing to compare" in groups.text
    assert "“(few)” stands for" in groups.text
    assert not groups.all("figure")
    assert not groups.all("details")


@pytest.mark.parametrize(("gone", "drawn"), [(range(20, 60), 0), (range(0, 36, 6), 2)])
def test_groups_that_are_left_out_are_not_groups_of_no_faces(gone, drawn):
    """Ten persons are in each of six groups: of all groups some are gone, or most of one."""
    rows = [row for row in made_up.rows() if int(row["who"].split()[-1]) not in gone]
    page = read(made_up.page_of(rows, by("age", "tone")))
    crossed = section(page, "crossed")
    assert len(crossed.all("p", class_="line-name")) == drawn
    assert bool(crossed.all("div", role="img")) is bool(drawn)
    said = crossed.all("figcaption")[0].text
    left = f"{6 - drawn} of 6 groups are left out" if drawn else "Nothing is told of any of the 6 groups"
    assert left in said
    assert not re.search(r"\b0 rows", crossed.text)
    rows = table(page, "Accuracy by")[1:]
    assert len(rows) == 6
    assert {row[7] for row in rows if row[9].startswith("left out")} == {"–"}


def test_where_one_person_has_most_of_the_faces_there_is_no_interval_and_no_plain_dot():
    rows = [{**row, "tone": "rare" if row["who"] in RARE else "pale"} for row in made_up.rows()]
    # One of them has all faces eight times, the others one of each word.
    once = {(row["who"], row["shown"]): row for row in rows if row["who"] in RARE[1:]}
    few = [row for row in rows if row["tone"] == "pale"] + [*once.values()]
    few += 8 * [row for row in rows if row["who"] == RARE[0]]
    page = read(made_up.page_of(few, Ask(truth="shown", prediction="answer", groups=("tone",), person="who")))
    figure = next(f for f in section(page, "groups").all("figure") if "by “tone”" in f.all("h4")[0].text)
    pale, rare = figure.all("div", class_="line")[:2]
    assert "one person has most of the faces" in rare.all("p", class_="line-said")[0].text
    assert "is-faint" in rare.attributes["class"]
    assert not rare.all("rect", class_="pale")
    assert pale.all("rect", class_="pale")
    assert "For 1 of 2 there are too few" in figure.all("figcaption")[0].text


def test_what_cannot_be_estimated_is_a_dash_and_never_nothing():
    rows = [{"shown": "a", "answer": "a", "g": "x"}] * 9 + [{"shown": "b", "answer": "b", "g": "y"}] * 9
    page = read(made_up.page_of(rows, Ask(truth="shown", prediction="answer", groups=("g",))))
    figure = next(f for f in section(page, "groups").all("figure") if f.all("h4")[0].text.startswith("“b” when shown"))
    x, y = figure.all("div", class_="line")[:2]
    assert x.all("b")[0].text == "–"
    assert not x.all("circle", class_="dot")
    assert "not estimable: no such face" in x.text
    assert y.all("b")[0].text == "100"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("a", "a")] * 30 + [("b", "b")] * 30, "Every one of the answers was right."),
        ([("a", "b")] * 30 + [("b", "a")] * 30, "None of the answers was right."),
        ([("a", None)] * 3 + [("b", None)] * 3, "None of the answers was right."),
        ([("a", "a")] * 299 + [("b", "a")], "Of 1,000 answers, three are wrong."),
    ],
)
def test_the_ends_have_headlines_of_their_own(rows, said):
    made = [{"shown": shown, "answer": answer} for shown, answer in rows]
    assert read(made_up.page_of(made, made_up.PLAIN)).all("h1")[0].text == said


def test_the_same_table_gives_the_same_bytes(bare):
    again = made_up.page_of(made_up.plain(), made_up.PLAIN)
    assert made_up.page_of(made_up.plain(), made_up.PLAIN) == again


def test_nothing_of_a_person_is_on_the_page():
    html = made_up.report()
    assert "Person Nr." not in html
    assert "persons" in html


def test_links_within_the_page_lead_somewhere_and_ids_are_single(page):
    ids = [e.attributes["id"] for e in page.all() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    targets = {a.attributes["href"][1:] for a in page.all("a") if a.attributes["href"].startswith("#")}
    assert targets <= set(ids)
    assert {s.attributes["aria-labelledby"] for s in page.all("section")} <= set(ids)


def test_the_way_back_is_on_the_page(page):
    assert section(page, "check").all("code", class_="command")[0].text == made_up.COMMAND
    assert "misread run as-described --profile audit:" in section(page, "school").text
    assert "made-up pupils" not in page.all("footer")[0].text


def test_every_sentence_passes_through_the_catalogue():
    """In the language made of longer English: what comes out unchanged did not pass."""
    ask = replace(made_up.ASK, groups=("tone",))
    speak(LONG)
    try:
        page = read(str(body(report(made_up.audit(made_up.rows()[:400], ask), command="x"))))
    finally:
        speak("en")

    def names(e: Element | None) -> bool:
        return e is not None and (e.attributes.get("translate") == "no" or e.tag == "code" or names(e.parent))

    tags = ("p", "li", "h2", "h3", "h4", "dt", "dd", "th", "td", "summary", "figcaption", "caption")
    texts = [e.text for tag in tags for e in page.all(tag) if not names(e) and not e.all("code") and not e.all("bdi")]
    texts += [e.attributes["aria-label"] for e in page.all() if "aria-label" in e.attributes]
    assert len(texts) > 300
    assert [text for text in texts if re.search(r"[^\W\d_]{2}", text) and not re.search("[⟦⟧]", text)] == []


def test_methods_are_those_that_figures_name(page):
    named = {code.text for code in section(page, "check").all("dl", class_="methods")[0].all("code")}
    used = {row[7].replace(" ", "-") for row in table(page, "Right answers, by “tone”")[1:]}
    assert used <= named
    assert {"permutation", "pooled", "newcombe", "calibration-null", "trait-likelihood"} <= named


@pytest.fixture(scope="module")
def large() -> Element:
    """Twenty words, sixty groups, names that pages stumble over."""
    return read(made_up.large())


def test_names_are_text(large):
    head = [th.text for th in large.all("th", class_="answer")]
    assert len(head) == 21
    # Narrow columns have short heads; the table behind the map has all of a name.
    assert {shorten(name, 24) for name in made_up.STRANGE} <= set(head)
    assert set(made_up.STRANGE) <= {row[0] for row in table(large, "P(answer | what the face shows)")}
    assert not large.all("i")
    assert all(th.all("bdi") for th in large.all("th", class_="answer"))


def test_a_chart_draws_the_ends_and_says_so(large):
    figure = section(large, "groups").all("figure")[0]
    names = figure.all("p", class_="line-name")
    assert len(names) == 40
    assert "the 20 lowest and the 20 highest of 60; the table has all" in figure.all("figcaption")[0].text
    shares = {row[0]: float(row[1]) for row in table(large, "Right answers, by")[1:]}
    assert len(shares) == 60
    drawn = sorted(shares[name.text] for name in names)
    everyone = sorted(shares.values())
    assert drawn == [*everyone[:20], *everyone[-20:]]


def test_folded_charts_end_somewhere_and_say_how_many_are_left_out(large):
    folded = section(large, "groups").all("details", class_="section")[0]
    charts = folded.all("figure")
    assert sum(len(f.all("tbody")[0].all("tr")) for f in charts) <= 400
    left = int(re.match(r"(\d+) further charts", folded.all("p", class_="note")[0].text)[1])
    assert len(charts) + left == 2 * 20
