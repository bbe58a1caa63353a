"""Shipped exercise suites: every source, outbox and destination runs the same one."""

__all__ = ["exercise_destination", "exercise_outbox", "exercise_source", "hostile_platform"]
