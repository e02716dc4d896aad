"""Papers in the formats of reference managers and spreadsheets: a plain record in, text out. Pure."""
