"""The owner's doors to programs: keys, the webhook, lists of known content."""
