"""What the owner of a community does."""
