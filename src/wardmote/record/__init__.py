"""The append-only record: every act an entry, every entry in a Merkle tree, every tree under a signed checkpoint."""
