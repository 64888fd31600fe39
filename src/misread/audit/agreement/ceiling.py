"""The ceiling: how good any classifier could look where several raters' words are all the truth there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from misread.audit.agreement import faces
from misread.audit.agreement.clusters import Clusters
from misread.audit.agreement.votes import VoteTable
from misread.audit.rates.estimate import LEFT_OUT, Estimate
from misread.audit.table.told import LEAST

STATISTICS = {
    "leave_one_out": "how often a rater says what most of the others say",
    "commonest_share": "the share of votes that the commonest word has",
    "rater_pairs": "how often two raters say the same",
    "unanimous": "the share of faces on which all raters say the same",
    "fleiss_kappa": "agreement of two raters beyond chance",
    "krippendorff_alpha": "the same, each vote counting once",
}
"""What a ceiling is told in, each with its meaning."""


@dataclass(frozen=True)
class Ceiling:
    """What raters agree on: the most that a classifier can honestly show against the word of one of them.

    The best word that anybody could give for a face is the one that most raters would choose. How often one rater says
    it lies between `leave_one_out`, which is a little too low since the others are few, and `commonest_share`, which is
    too high since a rater is counted among those that agree with him.

    Attributes
    ----------
    options : tuple of str
        Words that raters chose from.
    faces, votes : float
        Faces with two votes or more, and the votes on them.
    lone : float
        Faces with a single vote or none: in no figure.
    persons : int or None
        Who is shown, where that is known.
    estimates : tuple of Estimate
        Everybody's, then those of each level of each group column. `label` is a word: then only faces of which it is
        the commonest word (of the others, in `leave_one_out`), those with several such words shared among them.
    """

    options: tuple[str, ...]
    faces: float
    votes: float
    lone: float
    persons: int | None
    estimates: tuple[Estimate, ...]

    def find(self, statistic: str, label: str | None = None, group: tuple[tuple[str, str], ...] = ()) -> Estimate:
        """One figure.

        Parameters
        ----------
        statistic : str
            One of `STATISTICS`.
        label : str, optional
            A word; by default all faces.
        group : tuple of (column, level)
            By default everybody.

        Raises
        ------
        KeyError
            If there is none.
        """
        for found in self.estimates:
            if (found.statistic, found.label, found.group) == (statistic, label, group):
                return found
        raise KeyError((statistic, label, group))

    @property
    def leave_one_out(self) -> Estimate:
        """How often a rater says what most of the others say, everybody."""
        return self.find("leave_one_out")

    @property
    def commonest_share(self) -> Estimate:
        """The share of votes that the commonest word has, everybody: too kind as a ceiling."""
        return self.find("commonest_share")

    @property
    def rater_pairs(self) -> Estimate:
        """How often two raters say the same, everybody."""
        return self.find("rater_pairs")

    @property
    def unanimous(self) -> Estimate:
        """The share of faces on which all raters say the same, everybody."""
        return self.find("unanimous")

    @property
    def kappa(self) -> Estimate:
        """Fleiss' kappa, everybody."""
        return self.find("fleiss_kappa")

    @property
    def alpha(self) -> Estimate:
        """Krippendorff's alpha, everybody."""
        return self.find("krippendorff_alpha")


def ceiling(votes: VoteTable, *, level: float = 0.95) -> Ceiling:
    """How good any classifier could look beside several raters.

    Every face counts the same, however many raters saw it (in Krippendorff's alpha every vote does). Intervals take
    faces as clusters of votes, or persons as clusters of faces where they are known; they are Wilson's on the effective
    number, for kappa and alpha those of the linearised estimate on the scale of log(1 − kappa).

    Parameters
    ----------
    votes : VoteTable
        Options are words for what a face shows. Who counts "cannot tell" among them counts it as a word of its own.
    level : float
        Of the intervals, in (0, 1).
    """
    usable = votes.vectors.sum(axis=1) >= 2
    told = replace(
        votes,
        vectors=votes.vectors[usable],
        stratum=votes.stratum[usable],
        count=votes.count[usable],
        person=None if votes.person is None else votes.person[usable],
    )
    of = [column for column in votes.columns if votes.told is None or column in votes.told]
    margins: list[tuple[str, ...]] = [(), *((column,) for column in of)]
    return Ceiling(
        options=votes.options,
        faces=told.total,
        votes=float(told.count @ told.vectors.sum(axis=1)),
        lone=votes.total - told.total,
        persons=None if told.person is None else len(np.unique(told.person)),
        estimates=tuple(_of_enough([found for margin in margins for found in _by(told, margin, level)])),
    )


def _of_enough(estimates: Sequence[Estimate]) -> Iterator[Estimate]:
    """The same without values of one to four persons; the next smallest goes too, since all words less others tell."""
    known = [e for e in estimates if e.label is not None and e.persons]
    hidden = {id(e) for e in estimates if e.persons is not None and 0 < e.persons < LEAST}
    for statistic in {e.statistic for e in known if id(e) in hidden}:
        others = [e for e in known if e.statistic == statistic and id(e) not in hidden]
        hidden |= {id(e) for e in sorted(others, key=lambda e: e.persons or 0)[:1]}
    for e in estimates:
        gone = replace(e, value=None, hits=None, low=None, high=None, n_eff=None, note=LEFT_OUT)
        yield gone if id(e) in hidden else e


def _by(votes: VoteTable, columns: tuple[str, ...], level: float) -> Iterator[Estimate]:
    """Estimates of each stratum of a margin."""
    margin = votes.margin(*columns)
    for stratum in range(len(margin.strata)):
        inside = margin.stratum == stratum
        clusters = Clusters.of(margin.count[inside], None if margin.person is None else margin.person[inside])
        group = tuple(margin.names(stratum).items())
        # Single words of a group are of few persons soon, and would tell of them beside everybody's.
        words = () if columns and margin.person is not None else margin.options
        yield from _estimates(margin.vectors[inside], clusters, words, group, level)


def _estimates(
    votes: NDArray[np.integer],
    clusters: Clusters,
    options: tuple[str, ...],
    group: tuple[tuple[str, str], ...],
    level: float,
) -> Iterator[Estimate]:
    """All that is said of the faces of one stratum."""
    everyone = np.ones((len(votes), 1))
    per_face = clusters.mean(votes.sum(axis=1, dtype=np.float64))
    said, theirs = faces.leave_one_out(votes)
    of_word = np.column_stack([everyone, faces.commonest(votes)])
    held, same = faces.held(votes), faces.pairs(votes)
    pairs = per_face * (per_face - 1) / 2
    # Of each statistic: what was hit, of what, per face, and how much one face stands for.
    shares = {
        "leave_one_out": (np.column_stack([said.sum(axis=1), said]), np.column_stack([everyone, theirs]), per_face),
        "commonest_share": (held[:, None] * of_word, of_word, per_face),
        "rater_pairs": (same[:, None] * of_word, of_word, pairs),
        "unanimous": ((held == 1)[:, None] * of_word, of_word, 1.0),
    }
    for statistic, (x, n, worth) in shares.items():
        wanted = clusters.share((x * worth)[:, : 1 + len(options)], (n * worth)[:, : 1 + len(options)], level)
        for label, found in zip((None, *options), wanted, strict=True):
            yield Estimate(statistic=statistic, group=group, expression=None, label=label, **found)
    votes_told = clusters.total(votes.sum(axis=1, dtype=np.float64))
    for statistic, formula in (("fleiss_kappa", faces.fleiss), ("krippendorff_alpha", faces.krippendorff)):
        found = clusters.beyond_chance(*formula(votes, clusters.count), votes_told, level)
        yield Estimate(statistic=statistic, group=group, expression=None, label=None, **found)
