"""Files of a model's answers, read through DuckDB where they lie; nothing is copied, and nothing else is opened."""

from misread.audit.reading.files.opening import Opened, opened

__all__ = ["Opened", "opened"]
