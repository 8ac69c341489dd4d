"""Every boundary of a run, met by every fault, on a clock that only waiting moves: `make faults`."""
