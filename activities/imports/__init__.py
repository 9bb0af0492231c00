"""Activities from a file: columns (cells to values), people, plan (rows to outcomes), write."""
