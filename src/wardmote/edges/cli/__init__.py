"""The `wardmote` command; on a base install it imports no Django."""
