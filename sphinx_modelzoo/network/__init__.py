"""Whether what a manifest links to is there, and is what it says. Only this room asks the net."""
