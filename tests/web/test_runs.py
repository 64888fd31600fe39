"""Runs started from the page: what may be started, what is told of it, what can be taken away, and two side by side."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import time
from pathlib import Path

import pytest

from misread.deployment import shipped_policies, to_toml
from misread.errors import MisreadError
from misread.findings.table import Finding
from misread.web.runs import MOST, Runs
from misread.web.runs.compare import compared
from misread.web.runs.drawing import drawn
from misread.web.runs.kept import kept_of
from misread.web.runs.orders import order_of
from misread.web.runs.under_way import complaint, duration, progress_in
from misread.web.shipped import shipped_one, titles

FACTS = {"command": "misread run vendor-claim", "started": "2026-11-30T09:14:56+00:00"}


@pytest.fixture
def runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = Runs(tmp_path / "misread-out")
    yield made
    made.close()


def asked(**fields):
    return {key: value if isinstance(value, list) else [value] for key, value in fields.items()}


def order(**fields):
    return order_of(asked(**fields))


def folder(tmp_path, name, **files):
    made = tmp_path / "misread-out" / name
    made.mkdir(parents=True)
    for file, text in {"run.json": json.dumps(FACTS), "report.html": "<p>", **files}.items():
        (made / file).write_text(text)
    return made


def until(condition):
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it never came to be")


@pytest.mark.parametrize("name", ["", "nowhere", "/etc/passwd", "../school.toml", "--help", "as-described --set a=b"])
def test_only_what_is_shipped_can_be_started(name):
    with pytest.raises(MisreadError, match="is shipped"):
        order(deployment=name)
    with pytest.raises(MisreadError, match="is shipped"):
        order(deployment="as-described", policy=[name])


@pytest.mark.parametrize("seed", ["", "-1", "1.5", "x", "٣", "4294967296", "1 --out /tmp"])
def test_a_seed_is_a_whole_number(seed):
    with pytest.raises(MisreadError, match="no seed"):
        order(deployment="vendor-claim", seed=seed)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"engine": "both"}, "no such engine"),
        ({"engine": "exact", "schools": "2"}, "draws none"),
        ({"engine": "sampled", "schools": "0"}, "cannot be drawn"),
        ({"engine": "sampled", "schools": "10000000"}, "cannot be drawn"),
        ({"set": "camera.observe_every_secnds=30"}, "did you mean `observe_every_seconds`"),
        ({"set": "--out=/tmp/x"}, "--out"),
        ({"set": "-x"}, "-x"),
        ({"set": "population.schools=\0"}, "letters and signs"),
        ({"set": "a=1\n" * 41}, "too many"),
        ({"policy": ["switched-off-in-full"]}, "least engaged"),
    ],
)
def test_what_does_not_fit_is_said_before_anything_starts(fields, said):
    with pytest.raises(MisreadError) as error:
        order(**{"deployment": "as-described", **fields})
    assert said in str(error.value)


def test_the_command_is_what_one_would_type_and_each_run_has_a_folder_of_its_own():
    fields = {
        "deployment": "as-described",
        "policy": ["keep-30-days"],
        "set": "# shorter\npopulation.school_years = 1\n",
    }
    made = order(**fields, engine="sampled", schools="3", seed="7")
    assert made.command == (
        "misread run as-described --with keep-30-days --set population.school_years=1 --engine sampled --schools 3 "
        "--seed 7"
    )
    others = [order(**fields), order(**fields, seed="7"), order(deployment="as-described"), made]
    assert len({one.folder for one in others}) == len(others)
    assert order(**fields).folder == order(**fields).folder
    assert (made.resumes, others[0].resumes) == (True, False)


def test_each_shipped_policy_can_be_chosen(runs):
    from misread.web.runs.orders import policies

    named = [name for _, names in policies() for name, _ in names]
    assert sorted(named) == sorted(shipped_policies())
    assert all(what.endswith((".", ":")) or what for _, names in policies() for _, what in names)


def test_a_run_that_is_killed_has_failed_and_one_that_is_stopped_has_not(runs):
    first, second = order(deployment="as-described"), order(deployment="as-described", seed="2")
    runs.start(first)
    with pytest.raises(MisreadError, match="This very run"):
        runs.start(first)
    runs.start(second)
    assert MOST == 2
    with pytest.raises(MisreadError, match="under way"):
        runs.start(order(deployment="vendor-claim"))
    os.kill(runs._started[0].process.pid, signal.SIGKILL)
    until(lambda: [run.state for run in runs.told()] == ["under way", "failed"])
    failed = runs.told()[-1]
    assert "ended (-9)" in failed.wrong
    runs.stop(2)
    stopped = runs.told()[0]
    assert (stopped.state, stopped.wrong) == ("stopped", "")
    assert "begins anew" in stopped.said
    time.sleep(0.2)
    assert runs.told()[-1].seconds == failed.seconds
    with pytest.raises(MisreadError, match="No run of this number"):
        runs.stop(3)
    with pytest.raises(MisreadError, match="No run of this number"):
        runs.again(0)


@pytest.mark.long
def test_a_run_that_was_stopped_goes_on_and_says_how_far_it_is(runs):
    runs.start(order(deployment="as-described-full", engine="sampled", schools="6"))
    until(lambda: runs.told()[0].progress is not None)
    assert "schools" in runs.told()[0].said
    runs.stop(1)
    kept = sorted(p.name for p in runs.home.glob("*/files/*.parquet"))
    assert kept
    assert "goes on from there" in runs.told()[0].said
    assert runs.kept() == []
    runs.again(1)
    until(lambda: runs.told()[0].progress is not None)
    assert runs.told()[0].progress.done >= len(kept)
    until(lambda: runs.told()[0].state != "under way")
    assert runs.told()[0].state == "done", runs.told()[0].wrong
    (lies,) = runs.kept()
    assert lies.folder == runs.told()[0].order.folder
    assert lies.comparable


def test_what_a_run_says_is_progress_or_a_complaint():
    line = json.dumps({"progress": "drawing", "unit": "schools", "done": 3, "of": 12, "rate": 1.5, "left": 6.0})
    later = line.replace('"done": 3', '"done": 9')
    text = f"{line}\nA problem.\n{later}\n{line[:20]}"
    progress = progress_in(text)
    assert (progress.done, progress.of, progress.share) == (9, 12, 0.75)
    assert progress_in("A problem.\n[1]\n7\n") is None
    assert complaint(f"{line}\nA problem.\n{later}\n  Mend: it.") == "A problem.\n  Mend: it."


def test_the_command_says_what_the_page_reads(capsys, monkeypatch):
    from misread.cli.support import progress

    now = iter([0.0, 0.2, 4.0, 8.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(now))
    with progress.progress_of("json", "Drawing", unit="schools") as step:
        # Two schools were there already; the second call comes too soon after the first.
        for done in (2, 3, 4, 12):
            step(done, 12)
    lines = capsys.readouterr().err.splitlines()
    assert [progress_in(f"{line}\n").done for line in lines] == [2, 4, 12]
    assert json.loads(lines[0])["left"] is None
    later = progress_in(f"{lines[1]}\n")
    assert (later.what, later.rate, later.left) == ("drawing", 0.5, 16.0)
    assert progress_in(f"{lines[2]}\n").left == 0


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "1 second"), (61, "61 seconds"), (150, "3 minutes"), (9000, "3 hours")]
)
def test_times_are_as_exact_as_one_wants_to_know(seconds, said):
    assert duration(seconds) == said


def test_what_lies_there_is_listed_and_can_be_taken_away(runs, tmp_path):
    assert runs.kept() == []
    folder(tmp_path, "one", **{"findings.csv": "id\n", "secret.txt": "x"})
    folder(tmp_path, "odd", **{"run.json": "{"})
    (tmp_path / "misread-out" / "empty").mkdir()
    (kept,) = runs.kept()
    assert (kept.folder, kept.when, kept.command) == ("one", "2026-11-30 09:14", FACTS["command"])
    assert kept.files == ("report.html", "findings.csv", "run.json")
    assert (kept.deployment, kept.changed, kept.comparable) == ("vendor-claim", False, False)
    assert runs.file("one", "findings.csv") == (b"id\n", "text/csv")


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ("one", "secret.txt"),
        ("..", "secret.txt"),
        ("one/..", "report.html"),
        ("odd", "report.html"),
        ("one", "../x"),
        ("", ""),
    ],
)
def test_nothing_else_can_be_taken(runs, tmp_path, where, name):
    folder(tmp_path, "one", **{"secret.txt": "x"})
    folder(tmp_path, "odd", **{"run.json": "[]"})
    (tmp_path / "secret.txt").write_text("x")
    assert runs.file(where, name) is None


def measured(tmp_path, name, values, deployment="vendor-claim", **facts):
    """A folder as a run leaves it, with findings of one's own."""
    rows = [
        Finding(id=id, rule="r", group=group, value=value, low=low, high=high, unit="1", method="exact").row()
        for (id, group), (value, low, high) in values.items()
    ]
    text = json.dumps({"deployment": {"title": name.upper()}, "findings": rows})
    toml = to_toml(shipped_one(deployment))
    return folder(
        tmp_path,
        name,
        **{"findings.json": text, "deployment.toml": toml, "run.json": json.dumps(FACTS | facts)},
    )


ONE = {
    ("flag_ppv", "all"): (0.2, 0.1, 0.3),
    ("spells_missed", "all"): (0.5, 0.4, 0.6),
    ("p_false_flag_by_end", "all"): (0.9, None, None),
    ("flag_lift", "all"): (None, None, None),
    ("false_flags_per_pupil_year", "a"): (2.0, None, None),
}
TWO = {
    ("flag_ppv", "all"): (0.1, 0.05, 0.15),
    ("spells_missed", "all"): (0.9, 0.8, 0.95),
    ("p_false_flag_by_end", "all"): (0.9, None, None),
    ("flag_lift", "all"): (1.0, None, None),
    ("false_flags_per_pupil_year", "a"): (2.5, None, None),
}


def beside(tmp_path):
    found = [measured(tmp_path, "one", ONE), measured(tmp_path, "two", TWO, "best-case", seed=2)]
    return compared(tmp_path / "misread-out", *map(kept_of, found))


def test_two_runs_side_by_side(tmp_path):
    found = beside(tmp_path)
    assert [side.title for side in found.sides] == ["ONE", "TWO"]
    assert [(row.id, row.apart) for row in found.rows] == [
        ("flag_ppv", False),
        ("spells_missed", True),
        ("false_flags_per_pupil_year", None),
        ("p_false_flag_by_end", None),
    ]
    assert [round(row.difference, 9) for row in found.rows] == [-0.1, 0.4, 0.5, 0]
    assert (found.differing, found.same) == (3, 1)
    right, missed = (pair.said for pair in found.pairs)
    assert right.startswith("Of 100 flags, 20 are right in the first run and 10 in the second.")
    assert right.endswith("these overlap.")
    assert missed.endswith("40 to 60 and 80 to 95 open: these do not meet.")
    assert "Seed 2." in found.sides[1].said
    assert {key for key, _, _ in found.apart} >= {"title"}
    assert "one/deployment.toml" in found.command
    # On one scale, the end of the longer interval being 100.
    assert (found.pairs[0].first.at, found.pairs[0].second.at) == (66.67, 33.33)
    assert (found.pairs[1].first.ends, found.pairs[1].second.ends) == ((42.11, 63.16), (84.21, 100.0))
    assert drawn(found.pairs).count('class="open"') == 4


def test_what_only_rounding_made_is_no_difference(tmp_path):
    tiny = {("file_variance_share", "all"): (1e-28, None, None), ("p_false_flag_by_end", "all"): (1e-28, None, None)}
    more = dict.fromkeys(tiny, (3e-28, None, None))
    found = [measured(tmp_path, "one", tiny), measured(tmp_path, "two", more)]
    rows = compared(tmp_path / "misread-out", *map(kept_of, found)).rows
    assert [(row.id, row.size > 0) for row in rows] == [("p_false_flag_by_end", True), ("file_variance_share", False)]


def test_what_is_kept_for_a_while_only_is_said_of_the_end(tmp_path):
    same = {("flag_ppv", "all"): (0.2, 0.1, 0.3)}
    ones, twos = (same | {("flags_on_file_end", "all"): (n, 0.9 * n, 1.1 * n)} for n in (4000.0, 56.0))
    found = [measured(tmp_path, "one", ones), measured(tmp_path, "two", twos)]
    (said,) = (pair.said for pair in compared(tmp_path / "misread-out", *map(kept_of, found)).pairs)
    assert said.startswith("A child leaves with 4,000 flags on file in the first run and 56 in the second.")


def test_the_same_twice_differs_in_nothing(tmp_path):
    made = kept_of(measured(tmp_path, "one", ONE))
    found = compared(tmp_path / "misread-out", made, made)
    assert (found.differing, found.pairs, found.apart) == (0, (), ())


@pytest.mark.parametrize("text", ["{", "{}", '{"findings": [{}], "deployment": {"title": "x"}}', "[]"])
def test_findings_that_are_none_are_refused(tmp_path, text):
    good = kept_of(measured(tmp_path, "one", ONE))
    bad = measured(tmp_path, "two", TWO)
    (bad / "findings.json").write_text(text)
    with pytest.raises(MisreadError, match="cannot be read"):
        compared(tmp_path / "misread-out", good, kept_of(bad))


def test_titles_are_those_of_the_files():
    found = titles()
    assert found["vendor-claim"] != "vendor-claim"
    assert len(found) == len(titles())


@pytest.fixture(scope="module")
def lying(tmp_path_factory):
    """A server in a folder where two runs lie."""
    from .conftest import serving

    home, before = tmp_path_factory.mktemp("runs"), Path.cwd()
    measured(home, "one", ONE)
    measured(home, "two", TWO, "best-case", seed=2)
    os.chdir(home)
    try:
        with serving() as served:
            yield served
    finally:
        os.chdir(before)


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_the_page(opened, width, scheme):
    from .conftest import violations

    page, heard = opened("/runs", width, scheme)
    assert page.locator("#deployment option").count() == len(titles())
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    page.fill("#seed", "x")
    page.click("main summary")
    page.fill("#set", "a=1")
    page.check("[name=policy][value=keep-30-days]")
    page.click("button.main")
    assert "no seed" in page.text_content("[data-problems]")
    assert (page.input_value("#seed"), page.input_value("#set")) == ("x", "a=1")
    assert page.is_checked("[name=policy][value=keep-30-days]")
    assert violations(page) == []
    for named, chosen in (("as-described-full", "as-described-full"), ("mine.toml", "as-described")):
        page.goto(page.url.partition("/runs")[0] + f"/runs?deployment={named}")
        assert page.input_value("#deployment") == chosen
    assert [h for h in heard if "422" not in h] == []


@pytest.mark.browser
def test_two_runs_in_a_browser_without_a_script(browser, lying):
    from .conftest import violations

    for scripted in (False, True):
        context = browser.new_context(viewport={"width": 320, "height": 900}, java_script_enabled=scripted)
        page = context.new_page()
        page.goto(lying.first)
        page.goto(f"{lying.base}/runs")
        page.select_option("#left", "one")
        page.select_option("#right", "two")
        page.click("form.choose button")
        # The address is there before the page is.
        page.locator("#differences tbody tr").last.wait_for(state="attached")
        assert page.locator("#differences tbody tr").count() == 4
        assert "these do not meet" in page.text_content(".said")
        if scripted:
            assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
            assert violations(page) == []
        answer = page.request.get(f"{lying.base}/take/runs/differences.csv?left=one&right=two")
        rows = list(csv.reader(io.StringIO(answer.body().decode("utf-8-sig"))))
        assert [row[0] for row in rows[1:-1]] == [
            "flag_ppv", "spells_missed", "false_flags_per_pupil_year", "p_false_flag_by_end"
        ]  # fmt: skip
        assert rows[1][2:7] == ["0.2", "0.1 to 0.3", "0.1", "0.05 to 0.15", "-0.1"]
        assert "misread serve, /runs?left=one&right=two" in rows[-1][0]
        link = page.get_attribute("#differences tbody th a", "href")
        assert link.startswith("/numbers?deployment=vendor-claim&finding=flag_ppv")
        answer = page.request.get(f"{lying.base}/take/runs/kept.csv")
        rows = list(csv.reader(io.StringIO(answer.body().decode("utf-8-sig"))))
        assert {tuple(row[2:]) for row in rows[1:-1]} == {
            ("report.html, findings.json, deployment.toml, run.json", name) for name in ("one", "two")
        }
        picture = page.request.get(f"{lying.base}/take/runs/beside.svg?left=one&right=two")
        assert picture.text().count("misread serve, /runs?left=one") == 1
        assert page.request.get(f"{lying.base}/take/runs/differences.png?left=one&right=two").status == 404
        for wrong in ("left=one&right=one", "left=..&right=one", "left=one&right=/etc/passwd"):
            assert page.request.get(f"{lying.base}/runs?{wrong}").status == 422
        context.close()


@pytest.mark.browser
def test_a_run_is_started_followed_and_stopped(browser, lying):
    context = browser.new_context()
    page = context.new_page()
    page.goto(lying.first)
    page.goto(f"{lying.base}/runs")
    page.click("main summary")
    page.select_option("#deployment", "every-30-seconds")
    page.select_option("#engine", "exact")
    page.click("button.main")
    page.wait_for_selector("progress[value]:not([value='0'])", timeout=60_000)
    assert "% done" in page.text_content("[data-said]")
    page.click("text=Stop it")
    assert "You stopped it" in page.text_content("[data-said]")
    assert page.locator("progress").count() == 0
    context.close()
