"""What the load benches share: a private PBX and bridge, seats that answer, callers, and eyes on all of it."""
