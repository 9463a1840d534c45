"""Desks: each takes an order or a fact, asks the rules, and writes rows and facts in one commit."""
