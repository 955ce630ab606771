"""The office's rules."""
