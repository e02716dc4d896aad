"""Writing through the API: by an editor's token, with the rules, the marks and the history of the admin."""
