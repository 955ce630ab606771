"""From deadlines to people: obligations, nudges and their answers, succession, the radar."""
