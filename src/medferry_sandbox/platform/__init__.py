"""A pretend province: a real HTTP server with its own storage and its own reading of the standard.

Independent on purpose: it shares no parser, no rule and no client code with the rest, so that it can
disagree.
"""
