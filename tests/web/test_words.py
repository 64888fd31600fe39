"""Plain words: running text that a child of twelve can read."""

from __future__ import annotations

import warnings

import pytest

GRADE = 7.0
"""Flesch and Kincaid's grade of the running text; a child of twelve is in the seventh. Kincaid et al. (1975)."""
STEPS = ("record", "gaps", "letter", "deadline", "answer", "export", "case")
"""Of “Your school”: what each shows first."""
PATHS = (
    "/stages",
    "/classroom",
    "/closed",
    "/lessons",
    "/audit",
    "/audit/claim?claim=95+%25+accurate",
    "/explore",
    "/map",
    "/questions",
    "/evidence",
    "/numbers",
    "/runs",
    "/glossary",
    "/school",
    *(pytest.param(f"/school/{step}", marks=pytest.mark.long) for step in STEPS),
    pytest.param("/guide", marks=pytest.mark.long),
)
PROSE = """() => [...document.querySelectorAll('main :is(p, li, dd, h1, h2, h3, figcaption), footer p')]
  .filter(one => !one.closest('[translate=no], code, pre') && one.checkVisibility() && !one.querySelector('p, li, dd'))
  .map(one => {
    const copy = one.cloneNode(true)
    for (const other of copy.querySelectorAll('code, svg, [translate=no], .visually-hidden')) other.remove()
    return copy.textContent.replace(/\\s+/g, ' ').trim()
  })
  .filter(said => /[a-z] [a-z]/.test(said))"""


@pytest.mark.browser
@pytest.mark.parametrize("path", PATHS)
def test_running_text_can_be_read_at_twelve(opened, path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own, of a package that it loads
        import textstat

    page, _heard = opened(path)
    said = page.evaluate(PROSE)
    assert len(said) >= 5
    whole = " ".join(one if one.endswith((".", "?", "!", ":")) else f"{one}." for one in said)
    grade = textstat.flesch_kincaid_grade(whole)
    hardest = sorted(said, key=textstat.flesch_kincaid_grade)[-3:]
    assert grade <= GRADE, f"grade {grade}; hardest: {hardest}"


@pytest.mark.browser
@pytest.mark.parametrize("path", PATHS)
def test_a_linked_word_stays_in_its_sentence(opened, path):
    """Where children of a box are laid out side by side, a link would tear its sentence apart."""
    page, _heard = opened(path)
    torn = "a => ['flex', 'grid', 'inline-flex'].includes(getComputedStyle(a.parentElement).display)"
    assert (
        page.evaluate(f"[...document.querySelectorAll('a.term')].filter({torn}).map(a => a.parentElement.outerHTML)")
        == []
    )
