"""The web chat before a desk that is written by hand."""
