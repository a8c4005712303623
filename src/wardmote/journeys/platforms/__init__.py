"""What other platforms bring: posts, reports, imported members, their questions."""
