"""What is asked of a table: which column means what, and how its words are to be read."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from itertools import pairwise
from numbers import Integral, Real
from shlex import quote
from typing import Any, Literal, Self

from misread.errors import MisreadError, Problem

MOST_LABELS = 200
"""Different words that a column of labels may hold: more are names or numbers of pictures."""
MOST_NUMBERS = 30
"""Different numbers that a group may have before bands are asked for."""
BINS = 20
"""Equal bins of scores."""

SEVERAL = ("groups", "votes", "paired", "missing")
"""Arguments that hold several words; one word alone is taken for a list of one."""
NAMES = ("truth", "prediction", "person", "score", "weights", "id", "model", "encoding", "delimiter", "unit")
"""Arguments that hold one word."""
OPTIONS = {"groups": "--group"}
"""Options of the command that are not called as the argument is."""


def plain(x: float) -> str:
    """A number with all its digits, a whole one without a point."""
    return str(x).removesuffix(".0")


def article(name: str) -> str:
    """A name with its article."""
    return ("an " if name[:1].lower() in "aeiou" else "a ") + name


@dataclass(frozen=True, slots=True)
class Ask:
    """Which column means what, and how words are read. Columns are named as the table names them.

    Attributes
    ----------
    truth : str or None
        What the face shows. Without it only the raters' agreement can be told.
    prediction : str or None
        What the model answered. Without it, and with votes, each vote is an answer.
    groups : tuple of str
        Whose face it is, under which condition: strata are their combinations.
    person : str or None
        Who is shown, where one person is shown several times.
    score : str or None
        How sure the model was of its answer, from 0 to `score_scale`.
    weights : str or None
        How much a row counts.
    votes : tuple of str
        One column an option, holding how many raters chose it.
    paired : tuple of str
        The model's answers to the same face under other conditions.
    id : str or None
        Which picture it is: looked at for pictures that occur twice, and kept nowhere.
    model : str or None
        Which model answered, where a table holds several; it becomes the first group.
    bands : mapping of str to tuple of float
        Group column → edges; a band goes from its edge to below the next.
    missing : tuple of str
        Words that mean "missing"; null, NaN and empty text always do.
    map_labels : mapping of str to str
        Word → the word it is to be read as, in truth, answers and options of votes.
    fold_case : bool
        Whether words that differ in case or surrounding space only are one.
    score_scale : float
        What a score of certainty is: 1, or 100 for percent.
    max_labels : int
        Most different words in truth, answers, and groups that are no numbers.
    max_levels : int or None
        Most different values in a group; None: `max_labels` words, or 30 numbers.
    duplicates : {"refuse", "keep", "first"}
        What is done about an `id` that occurs twice.
    encoding, delimiter : str or None
        How a CSV file is written; None: found out.
    unit : str
        What a row is: "rows", "photographs" …
    spoken : {"python", "options"}
        How messages call these: as arguments, or as options of the command.
    """

    truth: str | None = None
    prediction: str | None = None
    groups: tuple[str, ...] = ()
    person: str | None = None
    score: str | None = None
    weights: str | None = None
    votes: tuple[str, ...] = ()
    paired: tuple[str, ...] = ()
    id: str | None = None
    model: str | None = None
    bands: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    map_labels: Mapping[str, str] = field(default_factory=dict)
    fold_case: bool = False
    score_scale: float = 1.0
    max_labels: int = MOST_LABELS
    max_levels: int | None = None
    duplicates: Literal["refuse", "keep", "first"] = "refuse"
    encoding: str | None = None
    delimiter: str | None = None
    unit: str = "rows"
    spoken: Literal["python", "options"] = "python"

    def __post_init__(self) -> None:
        for name in SEVERAL:
            given = () if getattr(self, name) is None else getattr(self, name)
            if not isinstance(given, Iterable):
                raise self._odd(name, given, "names of columns, as text.")
            object.__setattr__(self, name, (given,) if isinstance(given, str) else tuple(given))
        # A column of models is a group; naming it as one as well changes nothing.
        if self.model is not None and self.model not in self.groups:
            object.__setattr__(self, "groups", (self.model, *self.groups))

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> Self:
        """What is asked by these arguments.

        Raises
        ------
        MisreadError
            If there is no such argument.
        """
        # How messages are spoken, nobody asks for.
        known = [f.name for f in fields(cls) if f.name != "spoken"]
        for name in asked:
            if name not in known:
                meant = get_close_matches(name, known, n=1, cutoff=0.6)
                mend = f'did you mean "{meant[0]}"?' if meant else "leave it out."
                raise MisreadError(Problem(f'There is no argument "{name}".', f"one of {', '.join(known)}.", mend))
        return cls(**asked)

    def option(self, name: str, value: str = "") -> str:
        """An argument as whoever asks calls it: ``--score-scale 100``, or ``score_scale=100``."""
        if self.spoken == "python":
            return f"{name}={value}" if value else name
        called = OPTIONS.get(name, "--" + name.replace("_", "-"))
        return called if value in ("", "True") else f"{called} {quote(value)}"

    def wrong(
        self, name: str, what: str, expected: str = "", mend: str = "", *, file: str = "", line: int | None = None
    ) -> MisreadError:
        """What is wrong with what an argument names, to be raised."""
        return MisreadError(Problem(what, expected, mend, file, self.option(name) if name else "", line))

    def roles(self) -> Iterator[tuple[str, str]]:
        """Argument and column, for every column that is needed."""
        for name in ("truth", "prediction"):
            if column := getattr(self, name):
                yield name, column
        for column in self.groups:
            yield "model" if column == self.model else "groups", column
        for name in ("person", "score", "weights", "id"):
            if column := getattr(self, name):
                yield name, column
        for name in ("votes", "paired"):
            for column in getattr(self, name):
                yield name, column

    @property
    def numbers(self) -> tuple[str, ...]:
        """Columns that have to hold numbers."""
        single = (column for column in (self.score, self.weights) if column)
        return (*single, *self.votes, *(column for column in self.groups if column in self.bands))

    @property
    def missing_numbers(self) -> tuple[float, ...]:
        """Words that mean "missing" and are numbers, as these: in columns of numbers no other word is seen."""
        found = []
        for text in self.missing:
            with suppress(ValueError):
                found.append(float(text))
        return tuple(x for x in found if math.isfinite(x))

    def check(self) -> None:
        """See that what is asked makes sense, whatever the table holds.

        Raises
        ------
        MisreadError
            With the first thing that does not.
        """
        self._check_kinds()
        self._check_roles()
        self._check_numbers()
        for old, new in self.map_labels.items():
            if not isinstance(new, str) or not isinstance(old, str):
                raise self.wrong(
                    "map_labels", f"It maps {old!r} to {new!r}.", "words mapped to words.", "write both as text."
                )
        for name, word in (("delimiter", self.delimiter), ("encoding", self.encoding)):
            if word == "":
                raise self.wrong(name, "It is empty.", mend="leave it out, and it is found out.")

    def _check_kinds(self) -> None:
        """A column itself, in the place of its name, would make no sense anywhere below."""
        for name in NAMES:
            if not isinstance(given := getattr(self, name), str | None):
                raise self._odd(name, given, "text, such as the name of a column.")
        for name in SEVERAL:
            for given in getattr(self, name):
                if not isinstance(given, str):
                    raise self._odd(name, given, "text: words, or names of columns.")
        for name in ("bands", "map_labels"):
            if not isinstance(given := getattr(self, name), Mapping):
                raise self._odd(name, given, "a dictionary.")
        for given in self.bands.values():
            if not isinstance(given, Iterable) or not all(isinstance(edge, Real) for edge in given):
                raise self._odd("bands", given, "numbers for each column.")
        for name, kind in (("score_scale", Real), ("max_labels", Integral), ("max_levels", Integral | None)):
            if not isinstance(given := getattr(self, name), kind):
                raise self._odd(name, given, "a number.")

    def _odd(self, name: str, given: object, expected: str) -> MisreadError:
        return self.wrong(name, f"It is {article(type(given).__name__)}.", expected, "write that.")

    def _check_roles(self) -> None:
        if self.truth is not None and self.truth == self.prediction:
            raise self.wrong(
                "truth",
                f'{self.option("truth")} and {self.option("prediction")} both name "{self.truth}": the model would '
                "agree with itself.",
                "two columns.",
                "name the column that says what the face shows, and the one that says what the model answered.",
            )
        if self.truth is None and not (self.votes and self.prediction is None):
            raise self.wrong(
                "truth",
                "No column says what the faces show.",
                "the column of a labelled benchmark that holds the true words.",
                f"name it with {self.option('truth', 'COLUMN')}.",
            )
        if self.prediction is None and not self.votes:
            raise self.wrong(
                "prediction",
                "No column says what was answered.",
                "the column of the model's answers, or columns of raters' votes.",
                f"name it with {self.option('prediction', 'COLUMN')}, or votes with {self.option('votes', 'COLUMN')}.",
            )
        if self.prediction is None:
            for name in ("score", "weights", "paired"):
                if getattr(self, name):
                    raise self.wrong(
                        name,
                        "It says something of a model's answers, and none are named.",
                        mend=f"name them with {self.option('prediction', 'COLUMN')}, or leave it out.",
                    )
        if self.votes and self.weights:
            raise self.wrong(
                "weights",
                "Votes tell how far raters agree, face by face; a weight of rows has no meaning there.",
                "weights, or votes.",
                f"leave out {self.option('weights')}, or {self.option('votes')}.",
            )
        if len(self.votes) == 1:
            raise self.wrong(
                "votes",
                f'"{self.votes[0]}" is the only word that could be chosen: on it all agree.',
                "a column for each word that raters could choose.",
                f"name the others too, each with {self.option('votes', 'COLUMN')}.",
            )
        roles = list(self.roles())
        for column, times in Counter(column for _, column in roles).items():
            if times > 1:
                names = [self.option(name) for name, known in roles if known == column]
                raise self.wrong(
                    roles[[known for _, known in roles].index(column)][0],
                    f'"{column}" is named {times} times: {", ".join(names)}.',
                    "one meaning for a column.",
                    "name another column, or leave one out.",
                )

    def _check_numbers(self) -> None:
        for column, edges in self.bands.items():
            if column not in self.groups:
                raise self.wrong(
                    "bands",
                    f'"{column}" is no group.',
                    f"one of {', '.join(self.groups)}." if self.groups else "a group column.",
                    f"name it with {self.option('groups', column)} too.",
                )
            rising = all(low < high for low, high in pairwise(edges))
            if len(edges) < 2 or not rising or not all(map(math.isfinite, edges)):
                raise self.wrong(
                    "bands",
                    f'The edges of "{column}" are {", ".join(f"{edge:g}" for edge in edges) or "missing"}.',
                    "two numbers or more, each above the one before.",
                    f"write {self.option('bands', f'{column}=0,6,9,12,15,18')}."
                    if self.spoken == "options"
                    else f'write bands={{"{column}": (0, 6, 9, 12, 15, 18)}}.',
                )
        if not (math.isfinite(self.score_scale) and self.score_scale > 0):
            what = f"It is {self.score_scale:g}."
            raise self.wrong(
                "score_scale", what, "a number above 0: 1, or 100 for percent.", "write what certainty is."
            )
        for name in ("max_labels", "max_levels"):
            most = getattr(self, name)
            if most is not None and most < 2:
                raise self.wrong(name, f"It is {most}.", "2 or more.", "write such a number.")
        if self.duplicates not in ("refuse", "keep", "first"):
            raise self.wrong("duplicates", f"It is {self.duplicates!r}.", "refuse, keep or first.", "name one of them.")

    def band_names(self, column: str) -> tuple[str, ...]:
        """Names of a column's bands: below the first edge, each band, from the last edge on.

        Where all edges are whole numbers a band is named by the years it holds: from 6 to below 9 is ``6-8``.
        """
        edges = self.bands[column]
        whole = all(float(edge).is_integer() for edge in edges)
        between = [
            (f"{low:.0f}-{high - 1:.0f}" if high - low > 1 else f"{low:.0f}")
            if whole
            else f"{plain(low)} to below {plain(high)}"
            for low, high in pairwise(edges)
        ]
        return (f"below {plain(edges[0])}", *between, f"{plain(edges[-1])}+")
