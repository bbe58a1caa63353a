"""Official books of the standard: read into editions, compared, written out again."""
