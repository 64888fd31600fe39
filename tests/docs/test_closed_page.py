"""The page about the closed classroom prints what the commands print."""

from __future__ import annotations

import re
import shlex

import pytest
from click.testing import CliRunner

from misread.cli import cli

from .pages import DOCS

TEXT = (DOCS / "closed-classroom.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"<!-- example: (misread .+?) -->\n```text\n(.*?)```", TEXT, re.DOTALL)


def test_there_is_one():
    assert EXAMPLES


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=[c for c, _ in EXAMPLES])
def test_it_prints_what_the_page_says(command, shown):
    printed = CliRunner().invoke(cli, shlex.split(command)[1:], catch_exceptions=False).stdout
    assert printed.split() == shown.split()
