"""Workshops for analysts: what there is, opened, as tables."""
