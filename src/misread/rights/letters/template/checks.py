"""What is wrong with a template, said before anybody writes from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from misread.deployment.text.source import near
from misread.errors import Problem
from misread.rights.letters.template.model import COMPUTED, MARK, Template, environment
from misread.rights.letters.words import LANGUAGES, WHY
from misread.rights.places.entries.load import law

if TYPE_CHECKING:
    from jinja2.nodes import Node

LONGEST = 1200
"""The most characters that a template's own text has in a paragraph."""

_QUOTED = re.compile("“[^”]*”|„[^“]*“|«[^»]*»|「[^」]*」|『[^』]*』")


def problems(template: Template) -> tuple[Problem, ...]:
    """Everything that is wrong with a template.

    Parameters
    ----------
    template : Template
        The template.
    """
    return (*_wrong_head(template), *_wrong_syntax(template), *_wrong_paragraphs(template))


def _wrong_head(template: Template) -> Iterator[Problem]:
    head, file = template.head, template.file
    if head.id != f"{head.kind}.{head.place}.{head.language}":
        yield Problem(f"Its id is {head.id!r}.", "its kind, place and language.", "correct it.", file, "id")
    if head.language not in LANGUAGES:
        yield Problem(
            f"No letter is written in {head.language!r}.", f"one of {', '.join(LANGUAGES)}.", "", file, "language"
        )
    if head.place not in law():
        yield Problem(f"`{head.place}` is no place.", f"one of {', '.join(law())}.", "correct it.", file, "place")
        return
    places = (law()[head.place], *(law()[id] for id in law()[head.place].extends))
    provisions = {entry.id: entry for place in places for entry in place.provision}
    deadlines = [entry.id for place in places for entry in place.deadline]
    for key, ids, known in (
        ("rests", head.grounds, list(provisions)),
        ("may_quote", head.may_quote, list(provisions)),
        ("deadline", (head.deadline,) if head.deadline else (), deadlines),
        ("deadlines", tuple(head.deadlines.values()), deadlines),
    ):
        for id in ids:
            if id not in known:
                meant = near(id, known)
                mend = f"did you mean `{meant}`?" if meant else "add it to the law first, or name another."
                yield Problem(f"`{id}` is not in the law of {head.place}.", "an id of it.", mend, file, key)
    for id in head.rests:
        if id not in template.ids:
            yield Problem(f"No paragraph is called `{id}`.", f"one of {', '.join(template.ids)}.", "", file, "rests")
    quotes = {provisions[id].quote for id in head.may_quote if id in provisions}
    for found in _QUOTED.findall(template.body):
        if " ".join(found[1:-1].split()) not in quotes:
            what = f"It quotes {found}, which is no wording of a provision in `may_quote`."
            yield Problem(what, "a quotation as the file of law has it.", "say it in other words.", file)


def _wrong_syntax(template: Template) -> Iterator[Problem]:
    """Everything but names, conditions, dates, and loops over questions."""
    from jinja2 import TemplateSyntaxError, nodes

    head, file = template.head, template.file
    try:
        tree = environment().parse(template.body)
    except TemplateSyntaxError as error:
        yield Problem(f"It cannot be read: {error.message}.", file=file, line=error.lineno)
        return
    known = {*head.needs, *head.optional, *head.flags, *COMPUTED}
    loops: set[str] = set()
    used: set[str] = set()
    allowed = (
        nodes.Template,
        nodes.Output,
        nodes.TemplateData,
        nodes.Name,
        nodes.Getattr,
        nodes.If,
        nodes.For,
        nodes.Filter,
        nodes.Not,
        nodes.And,
        nodes.Or,
    )
    for node in _walk(tree):
        if not isinstance(node, allowed):
            what = f"It holds what no letter may: {type(node).__name__}."
            yield Problem(
                what, "names, conditions, dates, loops over questions.", "take it out.", file, line=node.lineno
            )
        if isinstance(node, nodes.For):
            if not (isinstance(node.iter, nodes.Name) and node.iter.name in ("questions", "wishes")):
                yield Problem(
                    "It goes through a list.", "`questions` or `wishes`.", "take it out.", file, line=node.lineno
                )
            loops.add(getattr(node.target, "name", ""))
        if isinstance(node, nodes.Filter) and node.name != "date":
            yield Problem(f"It uses the filter `{node.name}`.", "`date`.", "take it out.", file, line=node.lineno)
    for name, line in _names(tree):
        used.add(name)
        if name not in known and name.partition(".")[0] not in loops:
            meant = near(name, known)
            mend = f"did you mean `{meant}`?" if meant else "name it in the head, or take it out."
            yield Problem(f"`{name}` is not told to it.", f"one of {', '.join(sorted(known))}.", mend, file, line=line)
    for name in sorted({*head.needs, *head.optional, *head.flags} - used - _LETTERHEAD):
        yield Problem(f"`{name}` is asked for, and makes no difference.", "what it uses.", "take it out.", file, name)


_LETTERHEAD = frozenset(
    {
        "sender.name",
        "sender.contact",
        "controller.name",
        "controller.address",
        "authority.name",
        "authority.address",
        "date",
    }
)
"""What stands above every letter."""


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _walk(child)


def _names(node: Node) -> Iterator[tuple[str, int]]:
    """Dotted names that are read, and their lines."""
    from jinja2 import nodes

    if isinstance(node, nodes.Getattr):
        parts, inner = [node.attr], node.node
        while isinstance(inner, nodes.Getattr):
            parts.append(inner.attr)
            inner = inner.node
        if isinstance(inner, nodes.Name):
            yield ".".join([inner.name, *reversed(parts)]), node.lineno
            return
    if isinstance(node, nodes.Name) and node.ctx == "load":
        yield node.name, node.lineno
    for child in node.iter_child_nodes():
        yield from _names(child)


def _wrong_paragraphs(template: Template) -> Iterator[Problem]:
    file = template.file
    if len(re.findall(r"^# ", template.body, re.MULTILINE)) != 1:
        yield Problem("It has not exactly one line that says what it is about.", "one heading `# …`.", "", file)
    for id in sorted({id for id in template.ids if template.ids.count(id) > 1}):
        yield Problem(f"Two paragraphs are called `{id}`.", "every id once.", "give one another.", file)
    for id in sorted({*template.ids} - set(WHY)):
        meant = near(id, WHY)
        mend = f"did you mean `{meant}`?" if meant else "add it to `WHY` of words.py."
        yield Problem(f"Nobody says why a paragraph `{id}` is there.", f"one of {', '.join(WHY)}.", mend, file)
    for block in re.split(r"\n\s*\n", template.body):
        text = re.sub(r"\{%.*?%\}", "", block).strip()
        if text and not text.startswith(("#", "---")) and not re.match(r"\d+[.)] |- ", text) and not MARK.match(text):
            yield Problem(f"A paragraph has no id: {text[:40]!r}.", "`[#id]` at its beginning.", "add it.", file)
        if len(text) > LONGEST:
            yield Problem(f"A paragraph has {len(text):,} characters.", f"at most {LONGEST:,}.", "divide it.", file)
