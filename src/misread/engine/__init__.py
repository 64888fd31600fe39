"""From a compiled deployment to laws of flags: rules as automata, lessons, days, years, and one pupil's day."""
