"""The same conversation on every channel: what the desk says and files must not depend on it."""
