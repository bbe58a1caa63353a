"""How the workbooks look that people get from us."""
