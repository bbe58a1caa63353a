"""Rules that a row cannot wait for, judged over what the platform accepted, at night or by hand; findings for people."""
