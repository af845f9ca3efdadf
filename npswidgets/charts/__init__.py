"""Statistics to matplotlib figures."""
