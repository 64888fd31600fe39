"""Templates of the page: strict, escaped, and every sentence through gettext."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from misread.version import __version__


def rendered(template: str, told: Mapping[str, Any]) -> str:
    """A page as HTML."""
    return _environment().get_template(template).render(**told, version=__version__)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("misread.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(gettext.NullTranslations(), newstyle=True)  # type: ignore[attr-defined]
    return made
