"""The members' pages, by what people do there. Each makes one journey call or shows one query."""
