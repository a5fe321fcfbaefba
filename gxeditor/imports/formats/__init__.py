"""One file a format, each bytes → `Source` and nothing else in it; no format knows another."""
