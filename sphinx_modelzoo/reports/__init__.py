"""The forms in which other programs read what the commands find: JUnit, SARIF and others."""
