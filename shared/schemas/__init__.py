"""The only lists of fields: what is written is what these schemas loaded."""
