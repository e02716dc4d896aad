"""What `manage.py benchmark` measures."""
