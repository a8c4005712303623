"""Making and measuring the linear model. Needs the extra `train`; nothing here is imported to screen a text."""
