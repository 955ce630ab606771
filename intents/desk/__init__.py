"""The office's own rules, one module per subject: who gets a seat, what is similar, what is owed."""
