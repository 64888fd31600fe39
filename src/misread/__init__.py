"""misread: what emotion-reading cameras in schools get wrong, about whom, and over the years."""

__version__ = "0.1.0"
