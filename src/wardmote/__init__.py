"""Wardmote: a social network, its moderation, its host, and the record that proves what happened."""

__version__ = "0.1.0"
