"""The pages: how they are drawn, the operator's, the way in, the three screens, and the files that they load."""
