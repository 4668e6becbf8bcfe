"""Pure functions on text: spans of patterns, phrases, shapes of lines."""
