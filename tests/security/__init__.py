"""What docs/security.md says stops an attack, held to it."""
