"""Logins: who may sign in. The host's staff are people, not members."""
