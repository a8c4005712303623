"""OpenAI's moderations endpoint, as its clients expect it."""
