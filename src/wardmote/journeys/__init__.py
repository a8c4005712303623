"""One module per thing a person does; each owns the one durable transaction of what it does."""
