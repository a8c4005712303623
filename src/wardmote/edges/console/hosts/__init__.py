"""The host's desk: pages on the host's own domains, for the host's staff alone."""
