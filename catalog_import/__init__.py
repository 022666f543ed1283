"""Sheet in, a plan out: every problem with its cell, nothing written until the plan is applied."""
