"""Webhooks: facts told to other programs by HTTP, signed, until they are there."""
