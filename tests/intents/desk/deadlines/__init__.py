"""The deadline engine: every rule, the calendar beneath it, and the words about it."""
