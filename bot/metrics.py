"""The only maker of Prometheus counters: what happened in this process, by name, without anybody's words."""

from prometheus_client import Counter

received = Counter("jdesk_received", "events stored in the inbox", ["channel"])
duplicate = Counter("jdesk_duplicate", "events that had been stored before", ["channel"])
acknowledged_late = Counter(
    "jdesk_acknowledged_late", "events refused because storing took too long", ["channel"]
)
answered = Counter("jdesk_answered", "turns by what became of them", ["outcome"])
handed_over = Counter("jdesk_handed_over", "turns that opened a case for a person")
sent = Counter("jdesk_sent", "letters handed to a channel", ["channel"])
retried = Counter("jdesk_retried", "letters put off to be sent again", ["channel"])
parked = Counter("jdesk_parked", "letters taken aside for a person to look at", ["channel"])
