"""What the platform's answers teach about what should hold here."""
