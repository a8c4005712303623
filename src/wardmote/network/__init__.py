"""Profiles, posts, follows, timelines, visibility."""
