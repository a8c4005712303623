"""Background work as rows put in the caller's transaction."""
