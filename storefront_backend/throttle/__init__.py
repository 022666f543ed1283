"""Rate limits: who is asking (behind proxies), how often they may, counted for all processes."""
