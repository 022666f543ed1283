"""Runs Pavilion on one machine: the embedded PostgreSQL, and web and worker under one command."""
