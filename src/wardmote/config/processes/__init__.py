"""The processes of a running installation."""
