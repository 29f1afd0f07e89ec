"""What a zoo is: its types, and reading them from YAML with their places."""
