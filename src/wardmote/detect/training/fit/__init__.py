"""Fitting: linear models, the student, the transformer."""
