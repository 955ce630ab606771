"""What the office knows: text that people edit, and the reader that turns it into frozen records."""
