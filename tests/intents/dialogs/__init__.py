"""Conversations with the dialogs, run by the real pipeline."""
