"""The one saver: writes records and knows no source."""
