"""The Sphinx extension: the domain zoo, its directives and roles."""
