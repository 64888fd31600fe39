"""What a figure is about: the finding, and the keys that tell its rows apart."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class About:
    """A row of findings, its values aside.

    Attributes
    ----------
    id : str
        The finding's id.
    group : str
        A group, or ``"all"``.
    rule : str or None
        The rule it concerns, None where it concerns none.
    label, reader, mark, view, state, trait, situation, age, decision, source : str or None
        What else it is about. `reader` is None for the deployed system; a trait is named with its level.
    """

    id: str
    group: str = "all"
    rule: str | None = None
    label: str | None = None
    reader: str | None = None
    mark: str | None = None
    view: str | None = None
    state: str | None = None
    trait: str | None = None
    situation: str | None = None
    age: str | None = None
    decision: str | None = None
    source: str | None = None

    @property
    def key(self) -> tuple[str | None, ...]:
        """All of it, whatever else a kind of row holds."""
        return tuple(getattr(self, f.name) for f in fields(About))


KEYS = tuple(f.name for f in fields(About) if f.name not in ("id", "group", "rule"))
"""What a row may be about beside rule and group: left out where it does not apply."""
