"""What a claim leaves open, as questions of the disclosure record: a letter can ask them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "of_what": "output.labels",
        "truth": "acc.ground_truth",
        "on_whom": "acc.population",
        "unit": "acc.claim",
        "errors": "acc.false_alarms",
        "where": "acc.population",
        "n": "acc.population",
        "groups": "acc.by_group",
        "prevalence": "acc.false_alarms",
        "independent": "acc.independent",
        "alerts": "output.actions",
    }
)
"""Aspect → the field of the record that asks the same; what no field asks for has none."""
