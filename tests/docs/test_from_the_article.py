"""Every point of the press report: there once, and every link, command, finding and figure it names exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from misread.deployment import shipped
from misread.evidence import catalogue
from misread.findings.definitions import DEFINITIONS

from .pages import DOCS, ROOT, command_problems, commands, inlines, link_problems, plain, tokens

PAGE = DOCS / "from-the-article.md"
TEXT = PAGE.read_text(encoding="utf-8")
POINTS = [*(f"A{i}" for i in range(1, 24)), *(f"Q{i}" for i in range(1, 7))]
KINDS = {"Evidence", "Deployment", "Command", "Finding", "Report", "Page", "Not yet", "Not built, because"}
TEMPLATES = ROOT / "src" / "misread" / "report" / "assets" / "templates"


@dataclass
class Point:
    """A point and the lines under it, by kind."""

    id: str
    lines: list[tuple[str, str]] = field(default_factory=list)


def points(text: str) -> list[Point]:
    """The headings that carry an id, and the list items under each."""
    found: list[Point] = []
    heading, item, here = False, False, False
    for token in tokens(text):
        heading = token.type == "heading_open" or (heading and token.type != "heading_close")
        item = token.type == "list_item_open" or (item and token.type != "list_item_close")
        if token.type != "inline":
            continue
        if heading:
            named = re.match(r"([AQ]\d+)\. \S", plain(token))
            here = named is not None
            if named:
                found.append(Point(named[1]))
        elif item and here:
            kind, _, rest = token.content.replace("\n", " ").partition(":")
            found[-1].lines.append((kind, rest.strip()))
    return found


def problems(text: str) -> list[str]:
    """Everything that is wrong with the page."""
    said = link_problems(PAGE, text)
    found = points(text)
    ids = [p.id for p in found]
    if ids != POINTS:
        missing, extra = set(POINTS) - set(ids), [i for i in ids if i not in POINTS or ids.count(i) > 1]
        said.append(f"points: missing {sorted(missing)}, strange or twice {extra}, or out of order")
    for point in found:
        if not point.lines:
            said.append(f"{point.id}: nothing is said about it")
        for kind, rest in point.lines:
            said += [f"{point.id}: {problem}" for problem in _line(kind, rest)]
    said += [problem for line in commands(text) for problem in command_problems(line)]
    # Names in running text too.
    for code in (t.content for t in inlines(text) if t.type == "code_inline"):
        if re.fullmatch(r"[A-Z]\d\d", code) and code not in catalogue():
            said.append(f"there is no evidence {code}")
    return said


def _line(kind: str, rest: str) -> Iterator[str]:
    code = re.findall(r"`([^`]+)`", rest)
    if kind not in KINDS:
        yield f"{kind!r} is no kind of line"
    elif not rest:
        yield f"{kind}: nothing follows"
    elif kind == "Evidence":
        yield from (f"there is no evidence {id}" for id in rest.split(", ") if id not in catalogue())
    elif kind == "Deployment":
        yield from (f"no deployment {name} is shipped" for name in code or [rest] if name not in shipped())
    elif kind == "Command":
        yield from (p for line in code or [rest] for p in command_problems(line))
    elif kind == "Finding":
        yield from (f"there is no finding {id}" for id in code or [rest] if id not in DEFINITIONS)
    elif kind == "Report":
        shown = "\n".join(f.read_text(encoding="utf-8") for f in TEMPLATES.rglob("*.j2"))
        names = re.findall(r"“([^”]+)”", rest)
        yield from (f"the report has no part {name!r}" for name in names or [rest] if f">{name}</h" not in shown)
    elif kind == "Page" and "](" not in rest:
        yield "no page is linked"


def test_every_point_is_there_and_what_it_names_exists():
    assert problems(TEXT) == []


def test_every_finding_has_its_place():
    # A finding that no point of the report asks for would measure something nobody was told about.
    named = {
        id for p in points(TEXT) for kind, rest in p.lines if kind == "Finding" for id in re.findall(r"`(\w+)`", rest)
    }
    assert set(DEFINITIONS) - named <= {
        "p_only_true_flags_by_day_1",
        "p_only_true_flags_by_week_1",
        "p_only_true_flags_by_year_1",
    }


def test_every_shipped_deployment_has_its_place():
    named = {
        w
        for p in points(TEXT)
        for kind, rest in p.lines
        if kind == "Deployment"
        for w in re.findall(r"`([^`]+)`", rest)
    }
    assert named == set(shipped())


def test_what_is_not_built_gives_its_reason():
    given = [rest for p in points(TEXT) for kind, rest in p.lines if kind == "Not built, because"]
    assert len(given) >= 3
    assert all(len(reason.split()) > 5 for reason in given)
    assert "boundary.md" in " ".join(given)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("### A7. Step three", "### Step three", "A7"),
        ("### A8. A flag", "### A7. A flag", "A7"),
        ("### Q6. What can parents do?", "### Q7. What can parents do?", "Q7"),
        ("(deployment-file.md#rules)", "(deployment-file.md#ruels)", "no such heading"),
        ("(boundary.md)", "(bounds.md)", "no such file"),
        ("`misread evidence M14`", "`misread evidense M14`", "no command"),
        ("--pupil 1 --follow", "--pupil 1 --record", "No such option"),
        ("- Command: `misread run as-described`", "- Command: `misread run`", "Missing argument"),
        ("`misread run vendor-claim`", "`misread run vendors-claim`", "vendors-claim"),
        ("--set file.keep_days=180", "--set file.keep_day=180", "keep_days"),
        ("- Finding: `observations`", "- Finding: `observation`", "no finding observation"),
        ("- Evidence: D01, D02", "- Evidence: D01, D99", "no evidence D99"),
        ("- Deployment: `vendor-claim`", "- Deployment: `vendor`", "no deployment vendor"),
        ("- Report: “Follow 100 children”", "- Report: “Follow me”", "no part"),
        ("- Command: `misread rights policy ban`", "- Soon: model policies", "no kind of line"),
        ("- Page: [Camera](deployment-file.md#camera)", "- Page: the camera", "no page is linked"),
    ],
)
def test_what_is_wrong_is_found(old, new, said):
    assert old in TEXT
    assert said in " ".join(problems(TEXT.replace(old, new, 1)))


def test_a_point_without_a_word_is_found():
    start, end = TEXT.index("### A18."), TEXT.index("### A19.")
    lines = "\n".join(line for line in TEXT[start:end].splitlines() if not line.startswith("- "))
    assert "A18: nothing is said about it" in problems(TEXT[:start] + lines + "\n\n" + TEXT[end:])
