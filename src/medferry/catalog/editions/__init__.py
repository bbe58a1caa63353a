"""Editions of the standard: where they are, and two side by side until the day a table changes over."""
