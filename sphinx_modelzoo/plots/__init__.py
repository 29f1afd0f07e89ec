"""Plots of a zoo: numbers with their error bars against what they cost."""
