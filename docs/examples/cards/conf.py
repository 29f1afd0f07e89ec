"""The project's configuration."""

extensions = ["sphinx_modelzoo"]
templates_path = ["_templates"]
