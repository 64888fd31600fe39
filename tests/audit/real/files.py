"""The real answers, audited: what the page and the tests look at. Nothing is read where the folder is missing."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

import misread
from misread.api import Audit

DATA = Path(__file__).parents[4] / "shared" / "data"
ACTED = ("anger", "disgust", "fear", "happiness", "neutral", "sadness")
WORDS = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
LONG = {"Black": "African American", "White": "Caucasian", "Asian": "Asian", "men": "Male", "women": "Female"}
"""What the catalogue calls a level of race or sex → what the file calls it."""


@cache
def read(name: str) -> pa.Table:
    """A file, as it is."""
    return pyarrow.csv.read_csv(DATA / f"{name}.csv")


@cache
def clips(*, known: bool = False) -> pa.Table:
    """The votes on clips without sound; `known`: of actors whose race is stated."""
    rows = read("cremad_votes")
    rows = rows.filter(pc.equal(rows["modality"], "face"))
    return rows.filter(pc.not_equal(rows["race"], "Unknown")) if known else rows


@cache
def photographs(product: str) -> pa.Table:
    """The answers of one product."""
    rows = read("stoeckli2018_predictions")
    return rows.filter(pc.equal(rows["product"], product))


@cache
def of_clips(*groups: str, person: str | None = "actor") -> Audit:
    """Votes as answers; by race, actors whose race is stated."""
    return misread.audit(clips(known="race" in groups), truth="expression", votes=ACTED, groups=groups, person=person)


@cache
def of_product(product: str, person: str | None = "actor") -> Audit:
    """One product on posed photographs."""
    return misread.audit(photographs(product), truth="expression", prediction="prediction", person=person)


@cache
def of_raters() -> Audit:
    """Ten raters, and no truth."""
    return misread.audit(read("ferplus_votes"), votes=WORDS)


def by_person(audit: Audit, expression: str) -> np.ndarray:
    """Answers to one expression, of each person (persons, labels): what `between` is asked about."""
    table, people = audit.table, audit.table.people
    assert people is not None
    found = np.zeros((people.k, table.counts[0].size))
    np.add.at(found, (people.person, people.cell), people.count)
    return found.reshape(people.k, len(table.expressions), -1)[:, table.expressions.index(expression)]
