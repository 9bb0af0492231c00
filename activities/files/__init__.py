"""What is handed in with a record: told by content, made harmless, kept under names of our own."""
