"""Reports and ledgers to be filed: from the verdicts and records alone, in four forms."""
