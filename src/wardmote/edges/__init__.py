"""Translation only: one folder per outside world. Edges call journeys to do and queries to show."""
