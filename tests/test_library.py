"""misread as a library: what `import misread` offers."""

from __future__ import annotations

import re
from typing import Any

import narwhals as nw
import pytest

import misread as mr

from .deployment.samples import SMALL


@pytest.fixture
def school(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "school.toml").write_text(SMALL)
    (tmp_path / "slower.toml").write_text("[camera]\nobserve_every_seconds = 600\n")
    return "school.toml"


def again(html: str) -> Any:
    """What the command printed in a report gives, run."""
    (command,) = re.findall(r'<code class="command">(misread\..+?)</code>', html)[:1]
    text = command.replace("&#39;", "'").replace("&#34;", '"')
    return eval(text, {"misread": mr})  # the command is ours; that it runs is what is tested


def test_findings_by_id_by_keys_and_as_a_table(school):
    found = mr.run(school, draws=8)
    assert {f.id for f in found["flag_ppv"]} == {"flag_ppv"}
    value = found.findings.one("flag_ppv", rule="negative affect").value
    table = nw.from_native(found.table(), eager_only=True)
    rows = table.filter(
        nw.col("id") == "flag_ppv",
        nw.col("rule") == "negative affect",
        nw.col("group") == "all",
        nw.col("reader").is_null(),
    )
    assert rows["value"].to_list() == [value]
    assert len(table) == len(found)
    with pytest.raises(KeyError, match="no finding 'flag_pvp'"):
        found["flag_pvp"]


def test_a_notebook_shows_a_table(school):
    shown = mr.run(school, draws=0)["flag_lift"]._repr_html_()
    assert shown.count("<tr>") == 1 + len(mr.run(school, draws=0)["flag_lift"])
    assert "flag_lift" in shown


def test_a_report_says_how_to_get_it_again(school):
    found = mr.run(mr.load(school, policies=["slower.toml"], settings=["calendar.lessons_per_day=5"]), draws=4, seed=3)
    assert again(found.report_html()).findings.to_json() == found.findings.to_json()


def test_a_comparison_takes_policies_and_says_how_to_get_it_again(school):
    found = mr.compare(school, "slower.toml", draws=4)
    assert list(found.comparison.runs) == ["school", "school + slower"]
    assert {d.id for d in found["flag_ppv"]} == {"flag_ppv"}
    values = [d.value for d in found.comparison.differences]
    assert [d.value for d in again(found.report_html()).comparison.differences] == values


def test_nothing_to_compare_with(school):
    with pytest.raises(mr.MisreadError, match="at least one more"):
        mr.compare(school)


def test_reports_are_written_whole(school, tmp_path):
    path = mr.run(school, draws=0).report(tmp_path / "x" / "r.html")
    assert path.read_text().rstrip().endswith("</html>")
    assert [p.name for p in path.parent.iterdir()] == ["r.html"]
