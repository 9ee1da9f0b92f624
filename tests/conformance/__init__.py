"""One set of JSON vectors judges both languages."""
