"""Example projects, and what runs them."""
