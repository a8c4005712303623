"""Tenants: who they are, their domain, their members' roles, their policy."""
