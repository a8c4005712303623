"""The ground everything stands on: the clock, the ids, the names of subjects. No Django, no network."""
