"""Making one record of two, and two people of one."""
