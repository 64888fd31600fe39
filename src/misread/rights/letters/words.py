"""Kinds of letters, dates as letters write them, and why each paragraph of a letter is there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal

from misread.language import gettext as _
from misread.language import mark
from misread.report.words import upper_first
from misread.rights.places.entries.words import KINDS, Kind

LetterKind = Literal[Kind, "ai-complaint", "stop-request"]
"""What a letter can do: what the law has a way for, complain by the AI Act, and ask that a system be stopped."""
LETTERS: Mapping[str, str] = MappingProxyType(
    {
        **{str(kind): said for kind, said in KINDS.items()},
        "ai-complaint": mark("complain about the AI system"),
        "stop-request": mark("ask them to stop it"),
    }
)
"""What each kind of letter does, in words."""

_MONTHS: Mapping[str, str] = MappingProxyType(
    {
        "en": "January February March April May June July August September October November December",
        "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "pt-BR": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "hi": "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
    }
)
_FORMS: Mapping[str, str] = MappingProxyType(
    {
        "en": "{day} {month} {year}",
        "en-US": "{month} {day}, {year}",
        "de": "{day}. {month} {year}",
        "fr": "{first} {month} {year}",
        "pt-BR": "{first} de {month} de {year}",
        "zh-Hans": "{year}年{number}月{day}日",
        "hi": "{day} {month} {year}",
    }
)
_FIRST: Mapping[str, str] = MappingProxyType({"fr": "1er", "pt-BR": "1º"})
"""How the first day of a month is written, where it is not by its number."""

LANGUAGES = ("en", "de", "fr", "pt-BR", "zh-Hans", "hi")
"""Languages that letters can be written in."""


def kind_words(kind: str) -> str:
    """What a kind of letter does, as it stands alone."""
    said = _(LETTERS[kind])
    return upper_first(said)


def date_words(day: date, language: str) -> str:
    """A date as a letter in some language writes it.

    Parameters
    ----------
    day : date
        The date.
    language : str
        As in BCP 47; a country that is not known to write it otherwise is left out of account.
    """
    form = _FORMS.get(language) or _FORMS[base(language)]
    names = _MONTHS.get(base(language), "").split()
    first = _FIRST.get(base(language), "1") if day.day == 1 else str(day.day)
    month = names[day.month - 1] if names else ""
    return form.format(day=day.day, first=first, month=month, number=day.month, year=day.year)


def base(language: str) -> str:
    """The language that a tag belongs to: "en" for "en-US", "pt-BR" for itself."""
    return language if language in LANGUAGES else language.partition("-")[0]


WHY: Mapping[str, str] = MappingProxyType(
    {
        "greeting": mark(
            "A greeting; the name of whom it is written to stands in it or above it, so that it does not lie about."
        ),
        "who": mark("Who writes, and for which child: no more than is needed to find the data."),
        "view": mark("What the child thinks: the data is about the child, and so the right is the child’s."),
        "joint": mark("Another adult who is responsible for the child signs as well, so that nobody has to ask."),
        "events": mark("What happened, in your own words."),
        "ask": mark("What is asked for, and by what right. “In particular” leaves other grounds open."),
        "copy": mark("It asks for a copy in so many words, so that nobody takes it for a question."),
        "scope": mark("Labels, scores and logs are data as much as pictures: it names them, so that none is left out."),
        "details": mark("What has to be told beside the data itself."),
        "record": mark("A second right beside the first, with a deadline of its own."),
        "withdraw": mark("A permission that was given once can be taken back, whatever form was signed."),
        "stop": mark("It asks that no new data be collected, and by when that will be so."),
        "supplier": mark("What a supplier holds counts as well: it asks that the school pass the request on."),
        "erase": mark("What is to be destroyed, copies and what was derived from it included."),
        "keep": mark("Nothing is to be erased before it was seen, where it was asked for."),
        "proof": mark("It asks how one can tell that it was done."),
        "service": mark("Saying no should cost the child nothing."),
        "machine": mark("A file that a program can read can be checked: `misread rights check` reads it."),
        "others": mark(
            "Other children in the pictures are to be protected, and are no reason to withhold your child’s."
        ),
        "pupils": mark(
            "It asks for papers and counts, never for rows about pupils: that could be refused, and rightly."
        ),
        "parts": mark("What may be kept secret is no reason to keep back the rest."),
        "fee": mark("Costs are to be told before they arise."),
        "identity": mark("It offers proof of who you are, and no more of it than is needed."),
        "exception": mark("It asks for the reason that the use rests on, and does not say that there is none."),
        "reasons": mark("Why it is asked: it states what is known, and calls nothing illegal."),
        "doubt": mark("It says plainly what the law leaves open, so that nobody can answer that you claimed too much."),
        "earlier": mark("What was asked before, and what came of it."),
        "remedy": mark("What you want to be done."),
        "due": mark("By when an answer is due, and how that was counted."),
        "next": mark("What you may do if no answer comes: said once, and as a fact."),
        "acknowledge": mark("Word that it arrived, which starts the clock."),
        "copies": mark("What was written before goes with it, so that nobody has to ask for it."),
        "enclosed": mark("It names the annex, so that nobody overlooks it."),
        "close": mark("The end."),
        "signature": mark("Your name, and room to sign."),
        "questions": mark("Questions from the gaps in what was told, and from what decides how often the system errs."),
        "wishes": mark("What no law gives you stands apart, so that it weakens nothing."),
    }
)
"""The ids that paragraphs of letters have, and why one is there."""
