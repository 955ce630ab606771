"""Real browsers and emulators: `make e2e`."""
