"""What is told of the outcome: on the terminal, to other programs, and why."""
