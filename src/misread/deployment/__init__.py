"""The deployment file: read it, check it, resolve its profiles, write it again.

The file's meaning is in ``docs/deployment-file.md``.
"""

from misread.deployment.checks.doubts import unsupported, warnings
from misread.deployment.load import (
    load,
    load_all,
    load_text,
    policies_by_topic,
    shipped,
    shipped_policies,
    shipped_text,
)
from misread.deployment.model import Deployment
from misread.deployment.model.timing import looks_per_lesson, school_day
from misread.deployment.origin import Origin, Written
from misread.deployment.profiles import resolve_profiles
from misread.deployment.text.write import digest, to_toml

__all__ = [
    "Deployment",
    "Origin",
    "Written",
    "digest",
    "load",
    "load_all",
    "load_text",
    "looks_per_lesson",
    "policies_by_topic",
    "resolve_profiles",
    "school_day",
    "shipped",
    "shipped_policies",
    "shipped_text",
    "to_toml",
    "unsupported",
    "warnings",
]
