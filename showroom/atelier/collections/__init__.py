"""The demo brands' pieces, a file a brand."""
