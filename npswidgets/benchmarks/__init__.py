"""Figures of others beside the scores: read as people save them, checked row by row. The toolkit brings none."""
