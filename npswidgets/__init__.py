"""Facilitated self-assessment workshops for councils, in Jupyter."""

__version__ = "0.1.0"
