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
        raise MisreadError(
            Problem(
                f"{id!r} is no matrix of the evidence catalogue.",
                "the id of a matrix, such as evidence:M17, or evidence:FILE#ID.",
                "see `misread evidence`.",
                key="--counts",
            )
        ) from None
    return of_matrix(matrix)
