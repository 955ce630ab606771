"""The verbs, as a shell would run them."""
