"""Units from a file: sheet (file to rows), checking (rows to a plan), loading (a plan written)."""
