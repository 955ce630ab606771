"""One folder or module per channel: raw payload in, `Incoming` out; `Reply` in, the channel's own form out."""
