"""The way in: one raw batch from source rows to the ledger's door, and into it."""
