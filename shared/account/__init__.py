"""All that somebody owns: handed over, handed out, deleted."""
