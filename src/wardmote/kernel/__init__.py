"""What everything rests on: the clock, the ids, the names of subjects. No Django, no network."""
