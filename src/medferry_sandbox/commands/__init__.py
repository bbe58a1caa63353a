"""What `medferry demo`, `medferry hospital` and `medferry sandbox` do; found by entry point."""
