"""The deadline engine: from dated rules and the register to days, each with its reason; pure."""
