"""Arrow in: the UTF-8 bytes and offsets that the kernels read, without copying them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from wardmote.detect.errors import InvalidText, TextTooLong


def text_column(texts: pa.Array | pa.ChunkedArray | pa.Table) -> pa.LargeStringArray:
    """Return the texts as one large-string array; a table is read from its column `text`. Raises `InvalidText`."""
    if isinstance(texts, pa.Table):
        if "text" not in texts.column_names:
            raise InvalidText(f"the table has no column text, only {', '.join(texts.column_names)}")
        texts = texts["text"]
    if not (pa.types.is_string(texts.type) or pa.types.is_large_string(texts.type) or pa.types.is_null(texts.type)):
        raise InvalidText(f"texts must be Arrow strings, not {texts.type}")
    column = texts.cast(pa.large_string())
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], pa.large_string())
    return column


def check_column(column: pa.LargeStringArray, longest: int) -> None:
    """Raise `InvalidText` or `TextTooLong`, naming the first bad row, if any text cannot be examined."""
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        raise InvalidText(f"text in row {_first_broken(column)} is not well-formed UTF-8") from None
    lengths = pc.utf8_length(column)
    most = pc.max(lengths).as_py()
    if most is not None and most > longest:
        row = pc.index(pc.greater(lengths, longest), True).as_py()
        raise TextTooLong(f"text in row {row} has {lengths[row].as_py()} characters; at most {longest} are accepted")


def _first_broken(column: pa.LargeStringArray) -> int:
    for row, value in enumerate(column):
        try:
            value.as_py()
        except UnicodeDecodeError:
            return row
    return len(column) - 1


def bytes_and_offsets(column: pa.LargeStringArray) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the column's bytes and its `len + 1` offsets into them, as views. The column must have been checked."""
    _, offsets, data = column.buffers()
    if offsets is None or len(column) == 0:
        return np.zeros(1, np.uint8), np.zeros(len(column) + 1, np.int64)
    view = np.frombuffer(offsets, np.int64)[column.offset : column.offset + len(column) + 1]
    content = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)
    return content, view
