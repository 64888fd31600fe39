"""By when: lengths, calendars, what a deadline comes to and how it was counted, and dates for a calendar."""
