"""Other zoos' formats: one module a format, import and export side by side."""
