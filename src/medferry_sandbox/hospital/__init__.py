"""The synthetic hospital "sunshine": two campuses, their databases, and the truth about them.

Nothing here imports mapping, checks, canonical or the catalog's parsers: the truth must not share our bugs.
"""
