"""What a release is made with: the list of what is in it. The rest are targets of the Makefile; see docs/release.md."""
