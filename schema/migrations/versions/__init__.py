"""One file a change, newest last; see `schema.upgrade.draft`."""
