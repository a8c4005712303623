"""The host's side of a quarrel: acceptable use, cases, notices, clocks, the ladder, and suspension only by two."""
