"""The HTTP door of the field gateway: the handset's pages, and the protocol for who has no MQTT."""
