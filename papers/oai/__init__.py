"""The catalogue for harvesters, by OAI-PMH 2.0 at `/oai`; docs/oai.md says what is offered and promised.

Written by hand: the protocol is six short verbs. The library there is (oaipmh, once pyoai) puts into its tokens how many
records went before, unsigned, so that what moves meanwhile is skipped or comes twice, and builds each answer with lxml.
"""
