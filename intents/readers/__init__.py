"""Typed text to values: each reader refuses in one sentence that says what to write instead."""
