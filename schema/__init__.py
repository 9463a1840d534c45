"""The case store: tables, facts, orders, rules, and the desks that are the only writers of rows."""
