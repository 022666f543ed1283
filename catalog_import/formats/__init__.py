"""Opens files: what each format gives becomes sheets of rows, within limits."""
