"""Firestore as the caller: reads, writes, conditions, and values as they are stored."""
