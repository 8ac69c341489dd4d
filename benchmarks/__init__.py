"""What certkit takes: each module measures one kind of work, and prints it."""
