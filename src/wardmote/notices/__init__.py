"""What is said to whom, how it was delivered, and the proof."""
