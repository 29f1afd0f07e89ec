"""What the input and the output of a converted network are called."""

INPUT = "views"
OUTPUT = "scores"
