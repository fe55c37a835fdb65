"""States that are kept beside a session or a project."""
