"""A run in a process of its own, to be stopped by a test.

python -m tests.study.sampled.crashes.stopped OUT TASK [DYING AT]
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path

from misread.errors import MisreadError
from misread.study.sampled import executor_of, sampled
from tests.study.sampled import tasks


def dying_at(write):
    """Let the process die where the file of this number has been written and not yet been moved."""
    fsync, left = os.fsync, [write]

    def fsync_or_die(handle):
        fsync(handle)
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    os.fsync = fsync_or_die


def main(out, task, write="0", largest="0"):
    dying_at(int(write))
    if int(largest):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(largest), int(largest)))
    try:
        job = tasks.job() if task != "draw" else tasks.drawn_job(Path(out).parent)
        with executor_of(2) as executor:
            schools = job.deployment.population.schools
            sampled(job, schools, out=Path(out), executor=executor, task=getattr(tasks, task))
    except MisreadError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt as error:
        print(error, file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
