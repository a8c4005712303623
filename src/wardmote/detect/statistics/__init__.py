"""What can be said of a detector from samples: recall, drift, recalibration."""
