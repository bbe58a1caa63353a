"""The way out: what the ledger holds goes to the platform, and its answer comes back."""
