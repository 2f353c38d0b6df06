"""What parties weigh against one another."""
