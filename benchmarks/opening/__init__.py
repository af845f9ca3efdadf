"""What a person waits for a page, and what the page weighs: ours as it was and now, and other kits."""
