"""What an attacker, a power cut, a wrong clock and a full disk do to a workshop in which thirty people vote."""
