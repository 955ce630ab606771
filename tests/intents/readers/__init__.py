"""Readers of typed answers."""
