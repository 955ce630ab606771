"""Figures, never in the suite: machines are noisy, so they are read, not asserted."""
