"""One frozen report, and the formats that it is written in."""
