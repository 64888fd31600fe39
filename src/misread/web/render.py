"""Templates of the page: strict, escaped, and every sentence through gettext."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from misread.language import Language, spoken
from misread.version import __version__


def rendered(template: str, told: Mapping[str, Any]) -> str:
    """A page as HTML."""
    language = spoken()
    return _environment(language).get_template(template).render(**told, language=language, version=__version__)


@cache
def _environment(language: Language) -> Environment:
    made = Environment(
        loader=PackageLoader("misread.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(language.catalogue, newstyle=True)  # type: ignore[attr-defined]
    return made
