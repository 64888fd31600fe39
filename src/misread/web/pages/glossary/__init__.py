"""The glossary: every technical word in plain ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from misread.web.glossary import in_order


def view(asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows.

    Parameters
    ----------
    asked : mapping
        Nothing is asked of it.
    """
    del asked
    return {"terms": in_order()}
