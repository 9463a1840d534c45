"""The voice room: scripts that talk with a caller over FastAGI."""
