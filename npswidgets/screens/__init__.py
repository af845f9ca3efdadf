"""The pages of a workshop: each is built from nothing but code, then attached to a store."""
