"""certkit is in the layer; a function needs code of its own all the same."""
