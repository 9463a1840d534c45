"""The telephone room: hears the PBX, keeps the floor, routes callers, speaks orders."""
