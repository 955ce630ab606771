"""What people want and what the office does about it: pure, no SDK, no SQL, no clock, no I/O."""
