"""What pages say to programs: schema.org's words, the tags that reference managers and scholarly search engines read. Pure."""
