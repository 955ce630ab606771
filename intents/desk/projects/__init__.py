"""The register of projects: what is registered, who looks after it, and how far it has come."""
