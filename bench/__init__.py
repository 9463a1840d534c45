"""Measurements, each printed as one JSON object."""
