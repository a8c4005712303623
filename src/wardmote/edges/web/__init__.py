"""Translation between a browser and the journeys and queries: the members' pages."""
