"""The technical words of the pages, in plain ones; and the links to them, so that nobody has to know or search.

A word is linked where it first stands in the running text of a page: once is enough, and more would be in the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape

from misread.language import gettext as _
from misread.language import mark


@dataclass(frozen=True, slots=True)
class Term:
    """A technical word.

    Attributes
    ----------
    id : str
        Its anchor.
    word : str
        As it stands in the glossary.
    forms : str
        How it stands in sentences, divided by ``|``: these are linked.
    meaning : str
        What it means, in plain words.
    field : str
        What the field calls it; empty where that is no other word.
    """

    id: str
    word: str
    forms: str
    meaning: str
    field: str = ""


TERMS = (
    Term("alert", mark("alert"), mark("alert|alerts"),
         mark("A flag that somebody is told about: a message to a teacher, a parent or a counsellor."),
         mark("notified alarm")),
    Term("archive", mark("file of a child"), mark("child’s file|the file|behavioural file"),
         mark("What the system keeps about one child: labels, flags, messages, marks and decisions, for as long as the "
              "school’s rules say."), mark("record")),
    Term("assumption", mark("assumption"), mark("assumption|assumptions"),
         mark("A number that nobody has measured. It is chosen, kindly to the cameras, and said wherever something "
              "rests on it.")),
    Term("audit", mark("audit"), mark("audit|audits|audited"),
         mark("To count how often a machine’s words about faces are wrong, and for whom, on faces whose truth is "
              "known.")),
    Term("chance", mark("chance"), mark("by chance|chances|chance"),
         mark("How often something happens in the long run: once in ten times is a chance of a tenth."),
         mark("probability")),
    Term("classifier", mark("classifier"), mark("classifier|classifiers"),
         mark("The part of a system that turns what a camera saw into a word, such as “fear”.")),
    Term("command", mark("command"), mark("command|commands"),
         mark("A line that you type in a terminal. The same command gives the same numbers on every machine.")),
    Term("confusion", mark("confusion matrix"), mark("confusion matrix|confusion matrices"),
         mark("A table that says, of faces that show one thing, how many are called by each word."),
         mark("confusion matrix, normalised by row")),
    Term("decision", mark("decision"), mark("decision|decisions"),
         mark("A use that somebody makes of the file later, such as a place in a class.")),
    Term("deployment", mark("deployment"), mark("deployment|deployments"),
         mark("Everything that is stated about the cameras of some schools: who is watched, how faces are read, when "
              "somebody is told, what is kept. It is one text file."), mark("scenario")),
    Term("engine", mark("engine"), mark("engine|engines"),
         mark("A way to get the numbers. One works them out without any chance in it, the other draws made-up pupils "
              "by lot; they check each other.")),
    Term("expression", mark("expression"), mark("expression|expressions"),
         mark("What a face shows from outside. It is not what a child feels.")),
    Term("finding", mark("finding"), mark("finding|findings"),
         mark("One number that was worked out, with its name, its meaning and its interval."), mark("estimate")),
    Term("flag", mark("flag"), mark("flag|flags|flagged"),
         mark("A note by the system that something is the matter with a child. It is right if the child was in a state "
              "that the flag claims, and wrong if not."), mark("alarm")),
    Term("interval", mark("interval"), mark("interval|intervals"),
         mark("From where to where a number may lie, given how little is known about what it rests on. It holds 95 of "
              "100 of the values that this leaves open."), mark("uncertainty interval")),
    Term("label", mark("label"), mark("label|labels|labelled"),
         mark("The word that the system writes down about a face at one look, such as “fear”."),
         mark("predicted label")),
    Term("landmark", mark("landmark"), mark("landmark|landmarks"),
         mark("A point of a face that software locates, such as a corner of the mouth.")),
    Term("look", mark("look"), mark("a look|one look|each look|every look"),
         mark("One reading of all faces in the room, every few seconds or minutes."), mark("tick")),
    Term("lot", mark("drawing lots"), mark("drawing lots|drawn by lot|by lot"),
         mark("To decide without any knowledge, as with a coin. What is no better than that needs no camera.")),
    Term("mark", mark("mark"), mark("marks|lasting word|a mark"),
         mark("A lasting word that a file earns after many flags, such as “resistant”."), mark("designation")),
    Term("perfect-reader", mark("perfect reader"), mark("perfect reader"),
         mark("A reader who knows each child’s true state. No such reader exists: it shows what the rule would do if "
              "faces were read without any mistake.")),
    Term("policy", mark("policy"), mark("policy|policies"),
         mark("A change that a school could make, such as to keep files for 30 days only."), mark("intervention")),
    Term("pool", mark("pooled"), mark("pooled|pooling"),
         mark("Several studies taken together, each weighed by how sure it is."), mark("random-effects meta-analysis")),
    Term("predictive-value", mark("predictive value"), mark("predictive value"),
         mark("Of all flags, the share that are right."), mark("positive predictive value")),
    Term("profile", mark("profile"), mark("profile|profiles"),
         mark("How often faces that show one thing get each label, for each group of children: what was measured about "
              "a product, or about people who read faces."), mark("confusion matrix, normalised by row")),
    Term("rule", mark("rule"), mark("a rule|the rule|same rule|rules"),
         mark("When labels become a flag: for example, “sad”, “angry” or “fear” at three of the last six looks."),
         mark("alarm rule")),
    Term("seed", mark("seed"), mark("seed|seeds"),
         mark("A number from which all drawing by lot begins. The same seed gives the same made-up children.")),
    Term("sensitivity", mark("sensitivity"), mark("sensitivity"),
         mark("Of all children in a state, the share that the system finds.")),
    Term("situation", mark("situation"), mark("situation|situations"),
         mark("The kind of lesson: free work, group work, a test, being told off."), mark("context")),
    Term("spell", mark("spell"), mark("spell|spells"),
         mark("One unbroken stretch of a state within a lesson: ten minutes of boredom are one spell.")),
    Term("state", mark("state"), mark("true state|a state|the state|state|states"),
         mark("What is true of a child at a moment: engaged, thinking, bored, anxious. Here it is known, since the "
              "children are made up."), mark("latent state")),
    Term("toml", mark("TOML"), mark("TOML"),
         mark("A plain way to write down settings in a text file: a name, an equals sign and a value on each line.")),
    Term("trait", mark("trait"), mark("trait|traits"),
         mark("How one child differs from another for good: one shows little in the face, another much."),
         mark("random effect")),
)  # fmt: skip
"""All of them; `in_order` sorts them."""

WAY = re.compile(r'<a class="term" href="/glossary#([\w-]+)">')
TAG = re.compile(r"<(?:(/?)([\w-]+))?[^>]*>")
PROSE = frozenset({"p", "li", "dd", "td", "figcaption"})
"""Where words are linked: running text."""
CLOSED = frozenset({"a", "button", "code", "pre", "summary", "label", "legend", "option", "select", "textarea",
                    "svg", "h1", "h2", "h3", "script", "style", "form", "nav"})  # fmt: skip
"""Where they are not: what is pressed, typed, drawn, or stands as a title."""
EMPTY = frozenset({"input", "br", "meta", "link", "img", "hr", "wbr"})
"""What holds nothing, and has no end."""


def linked(page: str) -> str:
    """A page whose technical words lead to the glossary.

    Parameters
    ----------
    page : str
        HTML; only what stands in ``main`` is changed.
    """
    before, opened, rest = page.partition("<main")
    inside, closed, after = rest.partition("</main>")
    return f"{before}{opened}{''.join(_pieces(inside))}{closed}{after}" if closed else page


def told_inside(page: str) -> str:
    """A page that tells at its end what its linked words mean, for who keeps it without the glossary.

    Parameters
    ----------
    page : str
        As `linked` gives it.
    """
    used = set(WAY.findall(page))
    words = "".join(
        f'<dt id="word-{term.id}">{escape(_(term.word))}</dt><dd>{escape(_(term.meaning))}</dd>'
        for term in in_order()
        if term.id in used
    )
    section = f"<section><h2>{escape(_('Words on this page'))}</h2><dl>{words}</dl></section>" if used else ""
    return WAY.sub(r'<a class="term" href="#word-\1">', page).replace("</main>", f"{section}</main>")


def in_order() -> list[Term]:
    """All terms, in the order of the language that is spoken."""
    return sorted(TERMS, key=lambda term: _(term.word).casefold())


def _pieces(html: str) -> Iterator[str]:
    # Elements that stand open, the innermost last: name, whether it is in running text, and in what is never linked.
    open_ = [("", False, False)]
    used: set[str] = set()
    end = 0
    for found in TAG.finditer(html):
        tag, ends, name = found.group(0, 1, 2)
        _name, running, closed = open_[-1]
        start = found.start()
        if start > end:
            text = html[end:start]
            yield _with_links(text, used) if running and not closed else text
        yield tag
        end = found.end()
        if name is None or name in EMPTY or tag[-2] == "/":
            continue
        if ends:
            while len(open_) > 1 and open_.pop()[0] != name:
                pass
        else:
            no_words = name in CLOSED or 'translate="no"' in tag or "data-no-terms" in tag
            open_.append((name, running or name in PROSE, closed or no_words))
    _name, running, closed = open_[-1]
    yield _with_links(html[end:], used) if running and not closed else html[end:]


def _with_links(text: str, used: set[str]) -> str:
    return _forms().sub(lambda found: _link(found[0], used), text)


def _link(said: str, used: set[str]) -> str:
    term = _by_form()[said.casefold()]
    if term.id in used:
        return said
    used.add(term.id)
    return f'<a class="term" href="/glossary#{term.id}">{said}</a>'


@cache
def _by_form() -> dict[str, Term]:
    return {escape(form, quote=False).casefold(): term for term in TERMS for form in _(term.forms).split("|")}


@cache
def _forms() -> re.Pattern[str]:
    longest_first = sorted(_by_form(), key=len, reverse=True)
    # Most letters begin none of them: one look tells.
    first = "".join(sorted({re.escape(form[0]) for form in longest_first}))
    forms = "|".join(map(re.escape, longest_first))
    return re.compile(rf"(?<![\w“-])(?=[{first}])(?:{forms})(?![\w”-])", re.IGNORECASE)
