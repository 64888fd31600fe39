"""A matrix of the evidence catalogue, or of a file in its format, as what an audit counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from misread.errors import MisreadError, Problem

if TYPE_CHECKING:
    from misread.audit.reading import Counted

PREFIX = "evidence:"


def of_evidence(source: str) -> Counted:
    """The counts of a published matrix.

    Parameters
    ----------
    source : str
        ``evidence:ID``, or ``evidence:FILE#ID``.

    Raises
    ------
    MisreadError
        If there is no such matrix.
    """
    from misread import evidence
    from misread.audit.reading import of_matrix

    id = source.removeprefix(PREFIX)
    try:
        matrix = evidence.matrix(id)
    except KeyError:
        known = [name for name, entry in evidence.catalogue().items() if isinstance(entry, evidence.Matrix)]
        raise MisreadError(
            Problem(
                f"{id!r} is no matrix of the evidence catalogue.",
                f"one of {', '.join(known)}; or FILE#ID.",
                f"write such as {PREFIX}M17; `misread evidence M17` shows it.",
                key="--counts",
            )
        ) from None
    return of_matrix(matrix)
