"""The rules of a workshop, in plain Python: no files, no database, no clock, no widgets."""
