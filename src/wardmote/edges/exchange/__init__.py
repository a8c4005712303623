"""What one installation delivers to another: signed letters, answers and receipts between a host and a community."""
