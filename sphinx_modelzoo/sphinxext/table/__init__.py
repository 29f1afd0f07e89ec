"""The directive ``zoo:table``: its rows, its cells, and how builders show them."""
