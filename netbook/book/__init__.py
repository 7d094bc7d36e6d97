"""The chapters as files."""
