"""Work that is done in the background: asked for on a page or by a command, done by `manage.py work`."""
