"""What the command `landed-cost` can do, a module each.

Every module has `options(parser)`, which declares its options, and `run(wanted)`,
which returns the exit code.
"""
