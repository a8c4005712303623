"""Which words a score comes from, and what it would be without them."""
