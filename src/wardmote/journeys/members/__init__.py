"""What members, and visitors, do."""
