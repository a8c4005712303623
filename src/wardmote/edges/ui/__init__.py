"""How everything looks: base template, pieces, stylesheet, template tags. No views, no edge of its own."""
