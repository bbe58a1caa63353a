"""Books of the standard: read into editions of a project, compared, written out again."""
