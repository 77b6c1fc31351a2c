"""What happened, in order and for ever; and the errands that follow from it."""
