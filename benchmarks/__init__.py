"""What the portal costs, beside the least it could cost in the same run: `make bench`."""
