"""The last good bundles, and where they are kept."""
