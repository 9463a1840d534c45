"""The history of the tables: one file a change, run in process by `schema.upgrade`."""
