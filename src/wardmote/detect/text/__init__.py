"""Text before any model: folding, tokens, confusables, languages, targets."""
