"""One file a format; each has `write(model, path)`, the same bytes for the same model."""
