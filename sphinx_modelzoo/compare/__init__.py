"""What changed between two manifests, and where old ones are read from."""
