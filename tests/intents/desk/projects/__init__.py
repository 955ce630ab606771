"""The register of projects: its rules and its import."""
