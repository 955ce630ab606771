"""Slack: the only door to slack_bolt and slack_sdk. No Slack word crosses it."""
