"""Same input, same bytes: whatever was run before, whatever the threads, in another process."""

from __future__ import annotations

import os
import subprocess
import sys

from misread.study.exact.run import measured
from tests.study.schools import UNSURE, school

PROGRAM = "import sys; from misread.deployment import load; from misread.study.exact.run import measured; \
sys.stdout.reconfigure(encoding='utf-8', newline=''); print(measured(load(sys.argv[1]), draws=64).findings.to_json(), end='')"


def test_the_text_of_findings_json(tmp_path):
    deployment = school(tmp_path, UNSURE)
    texts = {measured(deployment, draws=64).findings.to_json() for _ in range(2)}
    for threads in ("1", "2"):
        told = {f"{lib}_NUM_THREADS": threads for lib in ("OMP", "OPENBLAS", "MKL")}
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(tmp_path / "tiny.toml")],
            env={**os.environ, **told, "PYTHONHASHSEED": threads},
            capture_output=True,
            check=True,
        )
        texts.add(run.stdout.decode())
    assert len(texts) == 1


def test_seeds_move_intervals_and_never_values(tmp_path):
    deployment = school(tmp_path, UNSURE)
    one, two = (measured(deployment, draws=64, seed=s).findings for s in (1, 2))
    assert [f.value for f in one] == [f.value for f in two]
    assert [f.low for f in one] != [f.low for f in two]
    assert (one.seed, two.seed) == (1, 2)
