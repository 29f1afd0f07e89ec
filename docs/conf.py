"""Configuration of this documentation, which is built with the extension that it documents."""

from __future__ import annotations

import sys
from pathlib import Path

import sphinx_modelzoo

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "sphinx-modelzoo"
author = "The sphinx-modelzoo developers"
project_copyright = f"2026, {author}"
version = release = sphinx_modelzoo.__version__

extensions = [
    "sphinx_modelzoo",
    "myst_parser",
    "reference_tables",
    "lint_rules",
    "modelzoo_commands",
    "card_reference",
    "accessible_pages",
]
exclude_patterns = ["_build", "examples"]
nitpicky = True
highlight_language = "none"
myst_enable_extensions = ["colon_fence", "deflist"]

zoo_manifest = "../zoo.yaml"
zoo_receipts = ["../build/demo-receipts"]

html_theme = "furo"
html_theme_options = {"top_of_page_buttons": []}  # Furo's have a text outside every landmark.
html_title = "sphinx-modelzoo"
html_static_path = ["_static"]
html_css_files = ["docs.css"]

latex_documents = [("index", "sphinx-modelzoo.tex", project, author, "manual")]
