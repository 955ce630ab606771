"""The outside: channels, the pipeline, delivery, the schedule, settings, wiring and the verbs of `jdesk`."""
