"""Settings, routes, the schedule and the embedded servers."""
