"""A year of the office in a minute: the real clock, outbox and delivery under a simulated clock, with everything that goes wrong."""
