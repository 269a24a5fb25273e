"""Settings from the environment, the map of addresses, and the WSGI entry."""
