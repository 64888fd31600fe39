"""What `misread audit` says of itself: its methods, and the schema of what it writes."""

from __future__ import annotations

import json
from dataclasses import asdict


def schema_text() -> str:
    """The JSON Schema of audit.json."""
    from misread.audit.written.model import json_schema

    return json.dumps(json_schema(), ensure_ascii=False, indent=1)


def methods_told(as_json: bool) -> str:
    """Which interval is used for which figure, and why.

    Parameters
    ----------
    as_json : bool
        Whether as JSON, for programs.
    """
    from misread.audit.intervals.methods import DEFAULTS, METHODS

    if as_json:
        content = {
            "format": "misread-audit-methods/1",
            "defaults": [asdict(default) for default in DEFAULTS],
            "methods": [asdict(method) for method in METHODS.values()],
        }
        return json.dumps(content, ensure_ascii=False, indent=1)
    said = ["What is used where", ""]
    for default in DEFAULTS:
        said += [
            default.statistic,
            f"  faces taken to be independent: {default.rows}",
            f"  persons known: {default.persons}",
            f"  beside it: {default.beside}",
        ]
    said += ["", "How, and why"]
    for method in METHODS.values():
        said += [
            "",
            f"{method.id}: {method.name}",
            f"  {method.formula}",
            f"  For {method.where_used}.",
            f"  {method.why}",
            f"  {method.source}",
        ]
    return "\n".join(said)
