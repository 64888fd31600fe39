"""What each finding means: one sentence an engineer can hold it to (docs/findings.md)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Definition:
    """A finding's meaning.

    Attributes
    ----------
    id : str
        The finding's id.
    unit : str
        Its unit; ``"1"`` for shares, chances and plain counts.
    meaning : str
        Its definition, in one sentence.
    uncertain : bool
        Whether it can depend on the profile at all; where it cannot, it has no interval.
    """

    id: str
    unit: str
    meaning: str
    uncertain: bool = True

    @property
    def of_all(self) -> bool:
        """Whether it is a share or a chance, and so at most 1."""
        return self.unit == "1" and not self.id.startswith(_COUNTS)


_COUNTS = ("observations", "labels_archived", "false_flags_end_p")
"""Beginnings of the ids of plain counts."""
_PERIODS = {
    "day_1": "by the end of the first day",
    "week_1": "by the end of the first five school days",
    "year_1": "by the end of the first school year",
    "end": "by the end of school",
}

_ALL = (
    Definition("observations", "1", "Looks at pupils over the whole deployment.", uncertain=False),
    Definition("label_share", "1", "Expected share of looks that get this label."),
    Definition(
        "labels_archived",
        "1",
        "Expected labels written down about a pupil by the end of school, “none” included, forgetting left aside.",
        uncertain=False,
    ),
    Definition(
        "claimed_share",
        "1",
        "Share of looks at which the pupil is in a state the flag claims.",
        uncertain=False,
    ),
    Definition("lesson_prevalence", "1", "Share of lessons with at least one such look.", uncertain=False),
    Definition("flags_per_pupil_year", "1/pupil/year", "Expected flags, mean over the school years."),
    Definition("false_flags_per_pupil_year", "1/pupil/year", "Expected false flags, mean over the school years."),
    Definition("flag_ppv", "1", "True flags divided by all flags, in expectation: the positive predictive value."),
    Definition(
        "flag_lift",
        "ratio",
        "flag_ppv divided by the chance that a flag at a random look (for share rules: lesson) would be true: how much "
        "better than pointing blindly.",
    ),
    Definition(
        "flag_state_share",
        "1",
        "Share of the flags that are raised while the pupil is in this state, at the look that fires.",
    ),
    Definition(
        "lesson_sensitivity",
        "1",
        "P(at least one true flag | the lesson has a look in a state the flag claims).",
    ),
    Definition("lesson_false_positive_rate", "1", "P(at least one flag | the lesson has no such look)."),
    Definition(
        "spells_missed",
        "1",
        "Of all spells, the longest runs of looks in claimed states within a lesson, the share during which no flag "
        "fires, true or false.",
    ),
    *(Definition(f"p_false_flag_by_{k}", "1", f"P(at least one false flag {v}).") for k, v in _PERIODS.items()),
    *(
        Definition(f"p_only_true_flags_by_{k}", "1", f"P(at least one flag, and none of them false, {v}).")
        for k, v in _PERIODS.items()
    ),
    *(
        Definition(
            f"false_flags_end_p{q:02d}",
            "1",
            f"The smallest n such that a share {q / 100:g} of the pupils have n false flags or fewer by the end of "
            "school.",
        )
        for q in (5, 50, 95)
    ),
    Definition("flags_on_file_end", "1/pupil", "Expected flags still on file at the end of school, after forgetting."),
    Definition("p_mark", "1", "P(the mark is earned before leaving school)."),
    Definition(
        "p_mark_unearned",
        "1",
        "P(the mark is earned, and at least half of the flags that first earned it were false).",
    ),
    Definition(
        "disparity_false_flags",
        "ratio",
        "The highest of the groups' false flags per pupil and year, divided by the lowest.",
    ),
    Definition(
        "difference_false_flags",
        "1/pupil/year",
        "The highest of the groups' false flags per pupil and year, less the lowest.",
    ),
    Definition(
        "alerts_per_teacher_day",
        "1/day",
        "Expected flags of the rules that notify a teacher, per class and school day.",
    ),
    Definition(
        "alerts_per_family_year",
        "1/year",
        "Expected flags of the rules that notify parents, per pupil and school year.",
    ),
    Definition("flags_per_lesson", "1/lesson", "Expected flags in a lesson of this kind."),
    Definition("false_flags_per_lesson", "1/lesson", "Expected false flags in a lesson of this kind."),
    Definition(
        "file_variance_share",
        "1",
        "Of the variance between pupils' numbers of flags in the last school year, the share that goes with this "
        "source: with traits of their states, of their faces, with the view of their seats, with their group; "
        "“within” is what remains with all four given, “interaction” what they add only together. Of “within”, "
        "“occasions” is what the pupils really went through, “error” the rest.",
    ),
    Definition(
        "map_reliability",
        "1",
        "Correlation, over pupils and kinds of lesson, of the map from odd days and the map from even days of the "
        "last school year. A pupil's map is the flags per lesson of each kind less the pupil's own flags per lesson.",
    ),
    Definition(
        "decision_wrong",
        "1",
        "Share of the watched pupils for whom the decision differs from the one taken on the perfect reader's flags.",
    ),
    Definition(
        "decision_lottery",
        "1",
        "The same share, had both decisions been drawn by lots: 2s(1 − s), with s the share that is chosen.",
        uncertain=False,
    ),
    Definition(
        "masking_end",
        "1",
        "Mean share of what faces would show that is hidden on the last day, because of flags given before.",
    ),
)

DEFINITIONS = {d.id: d for d in _ALL}
"""Definition of every finding, by id."""
