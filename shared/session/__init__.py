"""What a person is working on: one document for each, shared by all devices."""
