"""Charts: every drawing, each made of a tidy table."""
