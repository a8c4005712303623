"""Perspective's interface, `v1alpha1` of the Comment Analyzer, as the code of its users expects it."""
