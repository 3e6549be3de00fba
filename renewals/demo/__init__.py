"""The invented world of the demo: firms, customers and what they own, the same on every machine."""
