"""The kernels of a server: forked or prepared, whose they are, how many, and what a page may send to its own."""
