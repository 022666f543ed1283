"""The Saleors that installed us: their tokens, their keys, what they tell us, what collides."""
