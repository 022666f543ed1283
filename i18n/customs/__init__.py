"""Duties by HS code and origin, fees at the border, and the reliefs for small consignments."""
