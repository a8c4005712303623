"""The stages of the cascade, and their plan."""
