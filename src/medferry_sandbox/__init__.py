"""A pretend province, a pretend hospital and an auditor: everything can be tried before the real ones are reachable."""
