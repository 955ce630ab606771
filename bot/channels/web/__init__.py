"""The web chat: a server-rendered page, POST for what is said, a stream for what follows."""
