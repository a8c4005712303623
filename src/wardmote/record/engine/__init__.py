"""The sequencer: places, tree, checkpoints."""

from wardmote.record.engine.sequencer import (
    RecordDamagedError,
    go_on_after_stored,
    pending,
    run_sequencer,
    sequence,
    signer,
)

__all__ = ["RecordDamagedError", "go_on_after_stored", "pending", "run_sequencer", "sequence", "signer"]
