"""The mathematics of the record: a Merkle tree, proofs, signed checkpoints, receipts, and the check of a whole log.

Pure: no Django, no network, no files. RFC 6962 for the tree, C2SP signed-note, tlog-checkpoint and tlog-cosignature for
what is signed, RFC 8785 for the bytes of a leaf.
"""
