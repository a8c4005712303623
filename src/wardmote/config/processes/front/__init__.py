"""What is between the sockets and Django: a request takes a thread once it has arrived whole, and not before."""
