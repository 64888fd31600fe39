"""What a reply says, as far as it is recognised; what is not recognised is asked, never guessed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from misread.errors import MisreadError, Problem
from misread.rights.case.modules import LANGUAGES, Language, Module, modules, of_kind, recognised
from misread.rights.case.reading.citations import WRONG, Citation, citations
from misread.rights.case.replies.text import sentences, without_quoted
from misread.rights.places.known import Law

LONGEST = 100_000
"""Characters of a reply: some fifty pages."""


@dataclass(frozen=True)
class Hit:
    """An answer that a reply holds.

    Attributes
    ----------
    module : Module
        Which answer.
    quote : str
        The sentence that says it, as it stands in the reply; empty where a person chose it.
    language : str
        The language of the sign; empty where there was none.
    sign : str
        The sign by which it was recognised.
    """

    module: Module
    quote: str
    language: str = ""
    sign: str = ""


@dataclass(frozen=True)
class Read:
    """What a reply says, as far as it is recognised.

    Attributes
    ----------
    hits : tuple of Hit
        The answers it holds, each with the first sentence that says so.
    cited : tuple of Citation
        The law it names, and whether that fits.
    repeated : bool
        Whether it repeats an earlier message, which was left out.
    choices : tuple of Module
        What to choose from where nothing was recognised; else empty.
    """

    hits: tuple[Hit, ...]
    cited: tuple[Citation, ...]
    repeated: bool
    choices: tuple[Module, ...]


def read_reply(
    text: str,
    language: str | None = None,
    *,
    law: Law | None = None,
    kind: str | None = None,
    on: date | None = None,
) -> Read:
    """Read a reply.

    Parameters
    ----------
    text : str
        What was received.
    language : str, optional
        In which language it is; where it is not said, the signs of all are tried.
    law : Law, optional
        That of the place, with which cited law is compared; without it none is compared.
    kind : str, optional
        The kind of letter that is answered: only its answers are looked for.
    on : date, optional
        The day of the reply; that of the law where it is not said.

    Returns
    -------
    Read
        With `choices` where nothing was recognised.

    Raises
    ------
    MisreadError
        If it is empty, far too long, or in a language that is not read here.
    """
    tried = _languages(language)
    if not text.strip():
        raise MisreadError(Problem("The reply is empty.", "the text of what was received.", "paste it.", key="--text"))
    if len(text) > LONGEST:
        what = f"The reply has more than {LONGEST:,} characters."
        raise MisreadError(Problem(what, "a letter or a message.", "give the part that answers.", key="--text"))
    found: dict[str, Hit] = {}
    for sentence in sentences(text):
        for module in of_kind(kind):
            if module.id not in found and (sign := recognised(module, sentence.words, tried)):
                found[module.id] = Hit(module, sentence.quote, *sign)
    cited = citations(without_quoted(text), law, kind, on) if law is not None else ()
    if wrong := next((one for one in cited if one.fit in WRONG), None):
        module = modules()["wrong-law-in-reply"]
        found[module.id] = Hit(module, wrong.quote)
    hits = tuple(found[id] for id in modules() if id in found)
    choices = () if hits else tuple(module for module in of_kind(kind) if module.signs)
    return Read(hits, cited, without_quoted(text) != text, choices)


def _languages(language: str | None) -> tuple[Language, ...]:
    if language is None:
        return LANGUAGES
    # "pt-BR" and "zh-Hans" are read as "pt" and "zh".
    base = language.partition("-")[0].lower()
    for known in LANGUAGES:
        if known == base:
            return (known,)
    raise MisreadError(
        Problem(
            f"Replies in `{language}` are not read here.",
            f"one of {', '.join(LANGUAGES)}.",
            "choose with --module what it says.",
            key="--language",
        )
    )
