"""Rubrics as Excel workbooks, for people who know no YAML: written, and read as people leave them."""
