"""The recordings room: moves every recorded leg from the spool into the vault and plays it back."""
