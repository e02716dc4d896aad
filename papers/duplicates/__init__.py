"""Finding records that are likely the same: two records of one person, paper or institution."""
