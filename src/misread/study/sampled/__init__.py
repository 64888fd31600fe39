"""Many schools, drawn by the sampled engine: split into ranges, run anywhere, kept in files, taken up again."""

from misread.study.sampled.executors import executor_of
from misread.study.sampled.job import Job, Span, job_of, spans_of
from misread.study.sampled.run import RangesError, sampled
from misread.study.sampled.sizes import refuse_what_does_not_fit

__all__ = [
    "Job",
    "RangesError",
    "Span",
    "executor_of",
    "job_of",
    "refuse_what_does_not_fit",
    "sampled",
    "spans_of",
]
