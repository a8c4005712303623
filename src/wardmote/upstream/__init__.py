"""What a community receives from its host, and what it answers."""
