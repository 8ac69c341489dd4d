"""Gets TLS certificates into AWS Certificate Manager and keeps them from expiring there."""

__version__ = "0.1.0"
