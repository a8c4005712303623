"""Settings, urls, servers, the registry of jobs: the only place that wires things together."""
