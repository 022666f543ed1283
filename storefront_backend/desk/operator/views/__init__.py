"""One file a section of the desk."""
