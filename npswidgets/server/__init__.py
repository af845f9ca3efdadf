"""Voila, set up for a workshop."""
