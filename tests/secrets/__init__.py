"""No output holds a private key or a password."""
