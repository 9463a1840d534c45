"""Settings, set-up, wiring and the command line: the only room that knows every other."""
