"""The arithmetic behind Novelty and the AI Score. Pure: arrays in, arrays out."""
