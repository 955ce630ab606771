"""Microsoft Teams: the only package that imports its SDK, and only where Teams is set up."""
