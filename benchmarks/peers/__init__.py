"""The same page in other kits, in environments of their own."""
