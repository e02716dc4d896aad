"""Finding papers, people and institutions by words and facets: what is indexed, how it is asked for, how it is ranked."""
