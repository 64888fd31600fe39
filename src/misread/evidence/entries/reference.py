"""A citation piece by piece, as far as it is known, for reference managers."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Kind = Literal["article", "conference", "preprint", "report", "book", "web", "law", "other"]


def _visible(text: str) -> str:
    # Control and direction marks could make a terminal or a page show something else than is there.
    # Nearly every text is printable through and through, and that is known at once.
    if not text.isprintable() and any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in text):
        raise ValueError("it holds control characters or line breaks")
    return text


Text = Annotated[str, Field(max_length=4000), AfterValidator(_visible)]
Some = Annotated[Text, Field(min_length=1)]


def many(what: str) -> Any:
    """The field of a key that holds a list, which JSON and TOML have where Python has a tuple.

    Parameters
    ----------
    what : str
        What it is a list of, for whoever reads what was expected.
    """
    return Field(strict=False, description=f"a list of {what}")


class Table(BaseModel):
    """A table of the file: frozen, unknown keys refused, numbers never read from strings."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Reference(Table):
    """What of a citation is known piece by piece; what is not known is left out, never guessed.

    Attributes
    ----------
    kind : str
        What kind of thing was published.
    authors : tuple of str
        "Family" or "Family, I. I.", in order.
    others : bool
        Whether there are authors that the catalogue does not name.
    organisation : str
        Who published it, where no people are named.
    year : int or None
        Year of publication.
    title : str
        Its title; empty where the catalogue does not have it.
    container : str
        The journal or the meeting, as the citation spells it.
    volume, issue, pages : str
        Place in it.
    arxiv : str
        Number at arXiv, without the word.
    """

    kind: Annotated[Kind, Field(description="one of article, conference, preprint, report, book, web, law, other")] = (
        "other"
    )
    authors: Annotated[
        tuple[Some, ...], Field(strict=False, description='a list of names, such as "Cao, H." or "Cao"')
    ] = ()
    others: Annotated[bool, Field(description="true where there are more authors")] = False
    organisation: Annotated[Text, Field(description="who published it, where no people are named")] = ""
    year: Annotated[int | None, Field(ge=1000, le=2999, description="a year, such as 2018")] = None
    title: Annotated[Text, Field(description="the title")] = ""
    container: Annotated[Text, Field(description="the journal or the meeting")] = ""
    volume: Annotated[Text, Field(description='the volume in quotes, such as "50"')] = ""
    issue: Annotated[Text, Field(description='the issue in quotes, such as "4"')] = ""
    pages: Annotated[Text, Field(description='the pages in quotes, such as "1446–1460"')] = ""
    arxiv: Annotated[str, Field(pattern=r"^(\d{4}\.\d{4,5})?$", description='a number such as "1608.01041"')] = ""
