"""The functions: one noun, one URL, one file."""
