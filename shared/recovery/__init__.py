"""What becomes of a client's backup."""
