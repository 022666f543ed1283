"""The pages of the marketing desk."""
