"""The inpatient record's home page has more rules than one file holds: these are chapters of its book."""
