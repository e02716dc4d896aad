"""Growing a catalogue with made papers, so that anyone can measure how it bears a million of them.

Nobody wrote what stands here: sentences, titles and names are recombined from the papers of the catalogue at hand, which
it resembles in what decides how fast it is. Provenance of the source `sample` tells made papers from all others.
"""
