"""Records as tables: written out as CSV, edited in a spreadsheet, compared with what is here, and taken in."""
