"""Records fetched from the services: OpenAlex, Crossref, arXiv and ORCID."""
