"""The sequencer: places, tree, checkpoints."""

from wardmote.record.engine.sequencer import RecordDamagedError, pending, run_sequencer, sequence, signer

__all__ = ["RecordDamagedError", "pending", "run_sequencer", "sequence", "signer"]
