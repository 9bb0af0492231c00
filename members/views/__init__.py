"""Pages of people: the list, the person, what changes there, and the import."""
