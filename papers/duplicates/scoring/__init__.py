"""How likely two records are one, and why: facts in, points out. Pure: no database."""
