"""Words, names, sentences and known content: what is looked up and not learned."""
