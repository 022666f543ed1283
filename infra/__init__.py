"""What runs the shop on a machine: containers, set-up, checks, and confined processes."""
