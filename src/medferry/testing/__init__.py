"""Shipped exercise suites: every source, outbox and destination runs the same one."""
