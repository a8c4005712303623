"""Measuring a detector on texts kept apart."""
