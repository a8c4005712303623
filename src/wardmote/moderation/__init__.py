"""Items, reports, cases, decisions, appeals."""
