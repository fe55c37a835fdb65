"""What `make bench-autosave` runs. Never deployed."""
