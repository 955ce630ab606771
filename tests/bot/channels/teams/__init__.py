"""The Teams channel."""
