"""The screens of a workshop."""
