"""Versions of the database, brought up to date by alembic."""
