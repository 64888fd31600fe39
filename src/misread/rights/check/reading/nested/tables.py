"""Lists of objects as tables: their cells as text, and what stands around each row beside it."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from misread.rights.check.reading.columns import Gathered, refuse_many
from misread.rights.check.reading.heads import unique

if TYPE_CHECKING:
    import pyarrow as pa

Scalar = Any
"""Text, a number, true or false, or nothing."""


@dataclass(slots=True)
class Table:
    """A list of objects, found somewhere in the document. One row of it is open at a time.

    ``within`` says in which row of the table around it each of its rows stands.
    """

    path: str
    around: Table | None
    rows: Gathered
    within: array[int] = field(default_factory=lambda: array("i"))

    def end(self) -> None:
        """The open row ends."""
        if self.around is not None:
            # The row around it is still open, and will be the next that ends there.
            self.within.append(self.around.rows.count)
        self.rows.end()


def joined(table: Table, own: Mapping[int, Mapping[str, pa.Array]], where: str) -> dict[str, pa.Array]:
    """The columns of a table, after those of all that stands around it: each row knows its day, each day its child.

    Parameters
    ----------
    table : Table
        The table.
    own : mapping
        The columns that each table has of its own, by its identity.
    where : str
        For messages.
    """
    import numpy as np
    import pyarrow as pa

    mine = own[id(table)]
    found: list[tuple[str, pa.Array]] = []
    rows = np.frombuffer(table.within, np.int32)
    around = table.around
    while around is not None:
        at = pa.array(rows)
        before = around.path.replace("[]", "").replace("{}", "")
        outer = own[id(around)].items()
        found = [*((f"{before}.{name}" if before else name, array.take(at)) for name, array in outer), *found]
        rows, around = np.frombuffer(around.within, np.int32)[rows] if around.around else rows, around.around
    names = unique([*mine, *(name for name, _array in found)])
    refuse_many(table.rows.count, len(names), where)
    outer_names = names[len(mine) :]
    return {**dict(zip(outer_names, (array for _name, array in found), strict=True)), **mine}


def text_of(value: Scalar) -> str | None:
    """A cell as text: a number as it is written, a list as JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_inside, value))}]"
    return str(value)


def _inside(value: Scalar) -> str:
    """What a list holds, as JSON writes it."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return "null" if value is None else text_of(value) or ""
