"""An installation as a whole: made, checked, backed up, restored."""
