"""The codes desk: which local codes have no standard code, what they cost, what they probably mean, and the way back."""
