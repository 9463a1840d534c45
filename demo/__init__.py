"""A small city, a citizen who calls, a handset that moves: the main job, start to end, on real parts."""
