"""What several journeys share."""
