"""The README's worked example prints what the README says."""

from __future__ import annotations

import re
import shlex

import pytest
from click.testing import CliRunner

from misread.cli import cli

from .pages import ROOT

EXAMPLES = re.findall(
    r"<!-- example: (misread .+?) -->\n```text\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL
)


def test_there_is_one():
    assert EXAMPLES


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=[c for c, _ in EXAMPLES])
def test_it_prints_what_the_readme_says(command, shown, tmp_path):
    args = [*shlex.split(command)[1:], "--out", str(tmp_path)]
    printed = CliRunner().invoke(cli, args, catch_exceptions=False).stdout
    assert printed.split("\nReport: ")[0].split() == shown.split()


def test_the_headline_of_the_picture_is_still_so():
    """No machine reads the picture: it says that five of ten alerts are wrong, 60 of 100 children on day 1."""
    printed = CliRunner().invoke(cli, ["run", "as-described", "--json", "--draws", "0"], catch_exceptions=False).stdout
    ppv = re.search(r'"flag_ppv", "rule": "negative affect", "group": "all", "value": ([0-9.]+)', printed)
    assert ppv
    day = re.search(r'"p_false_flag_by_day_1", "rule": "negative affect", "group": "all", "value": ([0-9.]+)', printed)
    assert day
    assert (round(10 * (1 - float(ppv[1]))), round(100 * float(day[1]))) == (5, 60)
