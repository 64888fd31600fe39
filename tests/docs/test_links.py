"""Every page: links lead somewhere, commands can be typed, code parses, and the repository stands alone."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from .pages import DOCS, PAGES, ROOT, codes, command_problems, commands, fences, link_problems, mention_problems

pages = pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)

HOSTS = re.compile(
    r"(?<![\w.-])(?:test\.)?(?:pypi\.(?:org|python\.org)|pythonhosted\.org|files\.pythonhosted\.org|registry\.npmjs\.org"
    r"|registry\.yarnpkg\.com|conda\.anaconda\.org|proxy\.golang\.org|crates\.io|rubygems\.org|repo1?\.maven\.(?:org|apache\.org)"
    r"|deb\.debian\.org|ghcr\.io|docker\.io|quay\.io)",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(r"/work/|\bshared/|(?<![-\w/])deployment\.md\b|/home/|/root/|/tmp/")


@pages
def test_links_lead_somewhere(page):
    assert link_problems(page, page.read_text(encoding="utf-8")) == []


@pages
def test_commands_can_be_typed(page):
    problems = [p for line in commands(page.read_text(encoding="utf-8")) for p in command_problems(line)]
    assert problems == []


@pages
def test_commands_in_running_text_exist(page):
    named = [code for code in codes(page.read_text(encoding="utf-8")) if code.split(" ")[0] == "misread"]
    assert [p for line in named for p in mention_problems(line)] == []


@pages
def test_make_targets_exist(page):
    text = page.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    lines = [line for f in fences(text) if f.language == "sh" for line in f.text.splitlines()]
    named = [w for line in [*lines, *codes(text)] if line.startswith("make ") for w in line.split("#")[0].split()[1:]]
    assert [w for w in named if w not in targets and "=" not in w] == []


@pages
def test_code_parses(page):
    for fence in fences(page.read_text(encoding="utf-8")):
        if fence.language == "toml":
            tomllib.loads(fence.text)
        elif fence.language == "json":
            json.loads(fence.text)
        elif fence.language == "python":
            compile(fence.text, str(page), "exec")


@pages
def test_the_repository_stands_alone(page):
    text = page.read_text(encoding="utf-8")
    assert HOSTS.findall(text) == []
    assert ELSEWHERE.findall(text) == []


# The checks above can fail.


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("misread rnu as-described", "no command"),
        ("misread run as-described --frames 3", "No such option"),
        ("misread run", "Missing argument"),
        ("misread run as-described --draws many", "draws"),
        ("misread run as-described two", "unexpected extra argument"),
        ("misread compare as-described as-descirbed", "no deployment as-descirbed"),
        ("misread deployments as-descirbed > mine.toml", "no deployment as-descirbed"),
        ("misread run as-described --set camera.observe_every_second=30", "observe_every_seconds"),
        ("misread evidence Z99", "no evidence Z99"),
        ("misread evidence --topic gazing", "no topic gazing"),
        ('misread rule "9 of last 3"', "9 of last 3"),
        ('misread rule "3 of last 6', "No closing quotation"),
    ],
)
def test_a_wrong_command_is_found(line, said):
    assert said.lower() in " ".join(command_problems(line)).lower()


@pytest.mark.parametrize(
    "line",
    [
        "misread run mine.toml --with calmer.toml --set a.b=1  # a comment",
        "misread deployments as-described > mine.toml",
        "misread evidence M14 --json | head",
        'misread rule "3 of last 6"',
        "misread run --help",
    ],
)
def test_a_right_command_is_none(line):
    assert command_problems(line) == []


def test_a_wrong_mention_is_found():
    assert mention_problems("misread rnu")
    assert mention_problems("misread run --frames")
    assert not mention_problems("misread run")
    assert not mention_problems("misread compare A B …")


@pytest.mark.parametrize(
    "link", ["nowhere.md", "findings.md#nowhere", "#nowhere", "../src/misread/nowhere.py", "../README.md#nowhere"]
)
def test_a_broken_link_is_found(link):
    page = DOCS / "method.md"
    assert len(link_problems(page, f"# A page\n\n[a link]({link}) and [a good one](findings.md#the-table)")) == 1


@pytest.mark.parametrize(
    "text", ["see https://pypi.org/project/x", "in /work/main", "as deployment.md says", "files.pythonhosted.org"]
)
def test_a_place_outside_is_found(text):
    assert HOSTS.findall(text) or ELSEWHERE.findall(text)


def test_the_page_on_the_deployment_file_is_not_taken_for_one_outside():
    assert not ELSEWHERE.findall("see docs/deployment-file.md and mydeployment.md")
