"""Dates as letters write them, beside an outside library."""

from __future__ import annotations

from datetime import date

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from misread.rights.letters.words import LANGUAGES, base, date_words

LOCALES = {"en": "en_GB", "en-GB": "en_GB", "en-IN": "en_GB", "en-US": "en_US", "de": "de", "fr": "fr", "pt-BR": "pt_BR",
           "zh-Hans": "zh_Hans", "hi": "hi"}  # fmt: skip


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(sorted(LOCALES)))
def test_dates_are_those_of_the_unicode_consortium(day, language):
    expected = format_date(day, "long", locale=LOCALES[language])
    said = date_words(day, language)
    # The first of a month has a form of its own, which the consortium's tables leave out.
    plain = said.removeprefix("1er ").removeprefix("1º ")
    assert (said if plain == said else f"1 {plain}") == expected


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "1er mai 2027"), ("pt-BR", "1º de maio de 2027"), ("en-US", "May 1, 2027")]
)
def test_the_first_of_a_month(language, said):
    assert date_words(date(2027, 5, 1), language) == said


def test_a_country_belongs_to_its_language():
    assert base("en-US") == "en"
    assert all(base(language) == language for language in LANGUAGES)
