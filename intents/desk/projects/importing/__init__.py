"""From rows of texts to a plan of what changes in the register, and from the plan to the register; pure."""
