"""A project made runnable: the order of the stages, the clock, the mailbox for requests."""
