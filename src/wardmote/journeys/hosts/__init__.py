"""What the host's staff do, and what a host and a community are to each other."""
