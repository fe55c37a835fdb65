"""Finished work in the library."""
