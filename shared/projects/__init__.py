"""Named work with its whole state; merging into a project or a draft."""
