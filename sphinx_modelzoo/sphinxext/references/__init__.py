"""What references lead to: models, data sets, papers, and the values that they list."""
