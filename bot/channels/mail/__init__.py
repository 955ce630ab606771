"""Mail: letters of the outbox by SMTP; nothing is read from a mailbox."""
