"""An audit small enough to compute by hand, as a file."""

from __future__ import annotations

import json
from pathlib import Path

EXPRESSIONS = ("neutral", "happiness", "sadness")
LABELS = ("neutral", "happiness", "sadness", "none")
OF_F = ((30, 4, 6, 0), (5, 40, 5, 0), (8, 2, 9, 1))
OF_M = ((40, 5, 5, 0), (2, 46, 2, 0), (12, 0, 18, 0))
WORTH = {"": (45.0, 60.0, 20.0), "f": (20.0, 30.0, 8.0), "m": (25.0, 30.0, 12.0)}


def audit(**changes):
    """The content of audit.json: two groups of twelve persons each."""

    def part(levels, counts, worth):
        rows = [{"n": sum(row), "counts": row, "persons": 12, "n_eff": n} for row, n in zip(counts, worth, strict=True)]
        return {"levels": levels, "persons": 12, "rows": rows}

    both = [[f + m for f, m in zip(*rows, strict=True)] for rows in zip(OF_F, OF_M, strict=True)]
    rows = sum(map(sum, both))
    content = {
        "format": "misread-audit/1",
        "version": "0",
        "source": {"name": "answers.csv", "rows": rows, "counted": rows},
        "unit": "photographs",
        "expressions": list(EXPRESSIONS),
        "labels": list(LABELS),
        "columns": [{"name": "sex", "levels": ["f", "m", "f,sex=m"]}],
        "persons": 24,
        "margins": [
            {"columns": [], "parts": [part({}, both, WORTH[""])]},
            {
                "columns": ["sex"],
                "parts": [part({"sex": "f"}, OF_F, WORTH["f"]), part({"sex": "m"}, OF_M, WORTH["m"])],
            },
        ],
        "effect": None,
    }
    return json.loads(json.dumps(content)) | changes


def effect(**spreads):
    """A person effect: label → (sd, low, high)."""
    labels = [
        {"label": label, "sd": sd, "sd_low": low, "sd_high": high, "persons": 24, "faces": 100, "hits": 20}
        for label, (sd, low, high) in spreads.items()
    ]
    return {"labels": labels, "persons": 24}


def written(path: Path, **changes) -> Path:
    """Write it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(audit(**changes)))
    return path
