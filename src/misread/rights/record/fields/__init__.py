"""The fields of a disclosure record, and the other catalogues of questions that they are mapped to."""

from __future__ import annotations

from misread.rights.record.fields.load import COPIES, FIELDS, GROUPS, MAPS, Field, Map, MapName, Tier, field

__all__ = ["COPIES", "FIELDS", "GROUPS", "MAPS", "Field", "Map", "MapName", "Tier", "field"]
