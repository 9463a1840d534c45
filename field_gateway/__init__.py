"""The field room: what handsets say becomes committed rows, then receipts."""
