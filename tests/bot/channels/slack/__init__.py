"""Forms on Slack."""
