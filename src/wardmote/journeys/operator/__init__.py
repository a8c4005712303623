"""What whoever runs the installation does."""
