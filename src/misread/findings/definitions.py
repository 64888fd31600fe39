"""What each finding means: one sentence an engineer can hold it to (docs/findings.md)."""

from __future__ import annotations

from dataclasses import dataclass

from misread.language import mark


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
        Its definition, in one sentence, in English: marked for translation, which is for those who show it.
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
_ALL = (
    Definition("observations", "1", mark("Looks at pupils over the whole deployment."), uncertain=False),
    Definition("label_share", "1", mark("Expected share of looks that get this label.")),
    Definition(
        "labels_archived",
        "1",
        mark(
            "Expected labels written down about a pupil by the end of school, “none” included, forgetting left aside."
        ),
        uncertain=False,
    ),
    Definition(
        "claimed_share",
        "1",
        mark("Share of looks at which the pupil is in a state the flag claims."),
        uncertain=False,
    ),
    Definition("lesson_prevalence", "1", mark("Share of lessons with at least one such look."), uncertain=False),
    Definition("flags_per_pupil_year", "1/pupil/year", mark("Expected flags, mean over the school years.")),
    Definition("false_flags_per_pupil_year", "1/pupil/year", mark("Expected false flags, mean over the school years.")),
    Definition(
        "flag_ppv", "1", mark("True flags divided by all flags, in expectation: the positive predictive value.")
    ),
    Definition(
        "flag_lift",
        "ratio",
        mark(
            "flag_ppv divided by the chance that a flag at a random look (for share rules: lesson) would be true: how "
            "much better than pointing blindly."
        ),
    ),
    Definition(
        "flag_state_share",
        "1",
        mark("Share of the flags that are raised while the pupil is in this state, at the look that fires."),
    ),
    Definition(
        "lesson_sensitivity",
        "1",
        mark("P(at least one true flag | the lesson has a look in a state the flag claims)."),
    ),
    Definition("lesson_false_positive_rate", "1", mark("P(at least one flag | the lesson has no such look).")),
    Definition(
        "spells_missed",
        "1",
        mark(
            "Of all spells, the longest runs of looks in claimed states within a lesson, the share during which no "
            "flag fires, true or false."
        ),
    ),
    Definition("p_false_flag_by_day_1", "1", mark("P(at least one false flag by the end of the first day).")),
    Definition(
        "p_false_flag_by_week_1", "1", mark("P(at least one false flag by the end of the first five school days).")
    ),
    Definition("p_false_flag_by_year_1", "1", mark("P(at least one false flag by the end of the first school year).")),
    Definition("p_false_flag_by_end", "1", mark("P(at least one false flag by the end of school).")),
    Definition(
        "p_only_true_flags_by_day_1",
        "1",
        mark("P(at least one flag, and none of them false, by the end of the first day)."),
    ),
    Definition(
        "p_only_true_flags_by_week_1",
        "1",
        mark("P(at least one flag, and none of them false, by the end of the first five school days)."),
    ),
    Definition(
        "p_only_true_flags_by_year_1",
        "1",
        mark("P(at least one flag, and none of them false, by the end of the first school year)."),
    ),
    Definition(
        "p_only_true_flags_by_end", "1", mark("P(at least one flag, and none of them false, by the end of school).")
    ),
    Definition(
        "false_flags_end_p05",
        "1",
        mark("The smallest n such that a share 0.05 of the pupils have n false flags or fewer by the end of school."),
    ),
    Definition(
        "false_flags_end_p50",
        "1",
        mark("The smallest n such that a share 0.5 of the pupils have n false flags or fewer by the end of school."),
    ),
    Definition(
        "false_flags_end_p95",
        "1",
        mark("The smallest n such that a share 0.95 of the pupils have n false flags or fewer by the end of school."),
    ),
    Definition(
        "flags_on_file_end", "1/pupil", mark("Expected flags still on file at the end of school, after forgetting.")
    ),
    Definition("p_mark", "1", mark("P(the mark is earned before leaving school).")),
    Definition(
        "p_mark_unearned",
        "1",
        mark("P(the mark is earned, and at least half of the flags that first earned it were false)."),
    ),
    Definition(
        "disparity_false_flags",
        "ratio",
        mark("The highest of the groups' false flags per pupil and year, divided by the lowest."),
    ),
    Definition(
        "difference_false_flags",
        "1/pupil/year",
        mark("The highest of the groups' false flags per pupil and year, less the lowest."),
    ),
    Definition(
        "alerts_per_teacher_day",
        "1/day",
        mark("Expected flags of the rules that notify a teacher, per class and school day."),
    ),
    Definition(
        "alerts_per_family_year",
        "1/year",
        mark("Expected flags of the rules that notify parents, per pupil and school year."),
    ),
    Definition("flags_per_lesson", "1/lesson", mark("Expected flags in a lesson of this kind.")),
    Definition("false_flags_per_lesson", "1/lesson", mark("Expected false flags in a lesson of this kind.")),
    Definition(
        "file_variance_share",
        "1",
        mark(
            "Of the variance between pupils' numbers of flags in the last school year, the share that goes with this "
            "source: with traits of their states, of their faces, with the view of their seats, with their group; "
            "“within” is what remains with all four given, “interaction” what they add only together. Of “within”, "
            "“occasions” is what the pupils really went through, “error” the rest."
        ),
    ),
    Definition(
        "map_reliability",
        "1",
        mark(
            "Correlation, over pupils and kinds of lesson, of the map from odd days and the map from even days of the "
            "last school year. A pupil's map is the flags per lesson of each kind less the pupil's own flags per "
            "lesson."
        ),
    ),
    Definition(
        "decision_wrong",
        "1",
        mark(
            "Share of the watched pupils for whom the decision differs from the one taken on the perfect reader's "
            "flags."
        ),
    ),
    Definition(
        "decision_lottery",
        "1",
        mark("The same share, had both decisions been drawn by lots: 2s(1 − s), with s the share that is chosen."),
        uncertain=False,
    ),
    Definition(
        "masking_end",
        "1",
        mark("Mean share of what faces would show that is hidden on the last day, because of flags given before."),
    ),
)

DEFINITIONS = {d.id: d for d in _ALL}
"""Definition of every finding, by id."""
