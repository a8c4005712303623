"""The labelled texts: sources, splits, test set, drawings of ordinary posts."""
