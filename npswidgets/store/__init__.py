"""Files and databases: the record, the ballots, and who may get in."""
