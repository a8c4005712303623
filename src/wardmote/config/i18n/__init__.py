"""Languages and their catalogues."""
