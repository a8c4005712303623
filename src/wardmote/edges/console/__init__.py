"""The moderators' and the host's desks."""
