"""The back office: pages and live feed for agents, supervisors and case workers."""
