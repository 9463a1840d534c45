"""The programming interface: REST with an OpenAPI document, and an event stream, for other programs."""
