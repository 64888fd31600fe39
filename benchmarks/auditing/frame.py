"""What Fairlearn's MetricFrame is asked for, as shipped and without what makes it slow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from auditing.made import ALARMS, GROUPS, WORDS


def fairlearn(path: Path, told: dict[str, Any], *, how: str, replicates: int) -> Iterator[str]:
    """MetricFrame without replicates, and with some; "mended" goes without its np.stack over each column."""
    import pyarrow.parquet as pq
    from fairlearn.metrics import MetricFrame

    table = pq.read_table(path)
    features = {column: codes(table, column) for column, _ in GROUPS}
    if how == "mended":
        mend()
    metrics = metrics_of(how)
    same = {
        "metrics": metrics,
        "y_true": codes(table, "truth"),
        "y_pred": codes(table, "answer"),
        "sensitive_features": features,
    }
    yield "loaded"
    frame = MetricFrame(**same)
    _ = frame.overall, frame.difference(), frame.ratio()
    told["values"] = [frame.by_group[name].tolist() for name in metrics]
    yield "valued"
    frame = MetricFrame(**same, n_boot=replicates, ci_quantiles=[0.025, 0.975], random_state=1)
    _ = frame.by_group_ci, frame.overall_ci, frame.difference_ci(), frame.ratio_ci()
    yield "drawn again"


def codes(table: Any, column: str) -> np.ndarray:
    """A column as whole numbers, in the order of `WORDS` or of its levels; a missing answer is the last."""
    found = table[column].unify_dictionaries().combine_chunks()
    words = found.dictionary.to_pylist()
    order = WORDS if column in ("truth", "answer") else sorted(words)
    look = np.array([*(order.index(word) for word in words), len(order)])
    return look[found.indices.fill_null(len(words)).to_numpy().astype(np.int64)]


def metrics_of(how: str) -> dict[str, Callable[..., float]]:
    """Accuracy, mean recall, and how often a face without cause for alarm gets a label that gives it."""
    if how != "shipped":
        return {"accuracy": lambda truth, answer: float(np.mean(truth == answer)), "recall": recall, "alarms": alarms}
    from sklearn.metrics import accuracy_score, recall_score

    def macro(truth: np.ndarray, answer: np.ndarray) -> float:
        return float(recall_score(truth, answer, average="macro", labels=range(len(WORDS)), zero_division=0))

    return {"accuracy": accuracy_score, "recall": macro, "alarms": alarms}


def recall(truth: np.ndarray, answer: np.ndarray) -> float:
    faces = np.bincount(truth, minlength=len(WORDS))
    hits = np.bincount(truth[truth == answer], minlength=len(WORDS))
    return float((hits[faces > 0] / faces[faces > 0]).mean())


ALARMING = np.array([word in ALARMS for word in (*WORDS, "none")])


def alarms(truth: np.ndarray, answer: np.ndarray) -> float:
    return float(ALARMING[answer[~ALARMING[truth]]].mean())


def mend() -> None:
    from fairlearn.metrics._annotated_metric_function import AnnotatedMetricFunction

    def call(self: Any, frame: Any) -> Any:
        named = {name: frame[column].to_numpy() for name, column in self.kw_argument_mapping.items()}
        return self.func(*(frame[column].to_numpy() for column in self.postional_argument_names), **named)

    AnnotatedMetricFunction.__call__ = call
