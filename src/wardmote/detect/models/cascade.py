"""The cascade: every post by the linear model, the suspicious by the student, the uncertain by the language model.

A later stage is asked only where the stage before it sees enough for the answer to matter; how much is enough is in
the plan, a small file that ships beside the weights. A score is the calibrated probability of the last stage that was
asked. What each stage adds is measured in the model card.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from wardmote.detect.contract import Signal, Span
from wardmote.detect.errors import WeightsError
from wardmote.detect.models.batch import Judged, Lazy, chance, gather
from wardmote.detect.models.files import NAME, CascadeFiles
from wardmote.detect.models.linear import LinearDetector
from wardmote.detect.models.plan import NEVER, Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from wardmote.detect.contract import Accepts, Found, Wanted
    from wardmote.detect.models.batch import Texts
    from wardmote.detect.models.stage import ReadingStage, WordStage
    from wardmote.detect.text.folding import FoldTables

    F64 = NDArray[np.float64]

OCCLUDED = 1_500
"""Characters; of a longer text the linear model's words are shown."""
BUDGET = 80
"""What the language model may cost for one text of up to `OCCLUDED` characters and the words behind its scores, in word
pieces; it costs 15 milliseconds or so. A count and no clock: the same text always shows the same words."""
A_STRETCH_EACH = 1_000
"""Characters; the language model reads one stretch of a long text for each."""
_LAST_LETTER = "\u2000"
"""What begins with a character beyond this is taken for an emoji, to guess how long its name is."""


class CascadeDetector:
    """Scores text in three stages. All files are read at the first text that needs them; safe to share."""

    name = NAME

    def __init__(
        self, linear: LinearDetector, second: Callable[[], WordStage], third: ReadingStage, plan: Plan | Path
    ) -> None:
        self._linear = linear
        self._second, self._third = second, third
        self._plan_source = plan

    @classmethod
    @lru_cache(maxsize=1)
    def shipped(cls) -> Self:
        """Return the cascade that ships with Wardmote; one for the whole process."""
        files = CascadeFiles()
        return cls(LinearDetector.shipped(), files.second, files.third(), files.plan)

    def up_to(self, stage: int) -> CascadeDetector:
        """Return the cascade without the stages after `stage`, 1 to 3, with its weights shared."""
        plan = self.plan
        second, third = (plan.student_gate if stage > 1 else NEVER), (plan.transformer_gate if stage > 2 else NEVER)
        plan = replace(plan, student_gate=second, transformer_gate=third)
        return CascadeDetector(self._linear, self._second, self._third, plan)

    @cached_property
    def plan(self) -> Plan:
        """When each stage is asked. Raises `WeightsError`."""
        if isinstance(self._plan_source, Plan):
            return self._plan_source
        try:
            return Plan.from_json(self._plan_source.read_text("utf-8"))
        except OSError as error:
            raise WeightsError(f"cannot read {self._plan_source}: {error.strerror}") from None

    @cached_property
    def student(self) -> WordStage:
        """The model of the second stage. Raises `WeightsError`."""
        return self._second()

    @cached_property
    def version(self) -> str:
        """The linear model's version, `+` and twelve hex digits of all that the later stages are made of."""
        parts = f"{self.student.digest} {self._third.digest} {self.plan.to_json()}"
        return f"{self._linear.version}+{hashlib.sha256(parts.encode()).hexdigest()[:12]}"

    @property
    def linear(self) -> LinearDetector:
        """The model of the first stage: the one that adds up."""
        return self._linear

    @property
    def language(self) -> ReadingStage:
        """The model of the third stage."""
        return self._third

    @property
    def tables(self) -> FoldTables:
        """How texts are folded, for whoever asks a stage by itself."""
        return self._linear.weights.tables

    @property
    def categories(self) -> tuple[str, ...]:
        """Those of the linear model."""
        return self._linear.categories

    @property
    def accepts(self) -> Accepts:
        """What the linear model can be given."""
        return self._linear.accepts

    def judge(self, texts: Texts, data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> Judged:
        """Return the scores of `texts`, given also as UTF-8 `data` between `offsets`. Releases the GIL."""
        import numpy as np

        from wardmote.detect import scoring

        plan, model = self.plan, self._linear.weights
        logits = scoring.score(data, offsets, model.tables, model.weights, model.scale, model.bias)
        columns = self._columns
        stages = np.ones(len(texts), np.int8)
        first = logits[:, columns]
        asked = np.flatnonzero(chance(first).max(axis=1, initial=0.0) >= plan.student_gate)
        if len(asked):
            taken, begins = gather(data, offsets, asked)
            second = np.stack([first[asked], self.student.logits(taken, begins, model.tables)])
            said = logits[asked[:, None], columns] = self._blend(second)
            stages[asked] = 2
            sure = chance(said).max(axis=1) >= plan.transformer_gate
            if sure.any():
                asked = asked[sure]
                read = self._read(texts, asked, first[asked])
                everything = np.concatenate([second[:, sure], read[None, :, : len(columns)]])
                logits[asked[:, None], columns] = self._blend(everything)
                stages[asked] = 3
        return Judged(scoring.probability(logits), stages)

    def _read(self, texts: Texts, asked: NDArray[np.int64], first: F64) -> F64:
        """Return what the language model says of some of the texts; `first` is what the linear model says of them."""
        import numpy as np

        pairs = zip(asked.tolist(), first, strict=True)
        chosen = [(texts[place], partial(self._stretches, logits)) for place, logits in pairs]
        return np.concatenate([self._third.logits([text], self.tables, choose) for text, choose in chosen])

    def _stretches(self, first: F64, text: str) -> list[str]:
        """Return the stretches of a long text that the language model reads: what the student finds most suspicious.

        One for each thousand characters, none over another. `first` is what the linear model says of the text.
        """
        import numpy as np

        from wardmote.detect.text.stretches import cut

        studied = self.student.study(np.frombuffer(text.encode("utf-8"), np.uint8), self.tables)
        begins, finishes = studied.begins, studied.finishes
        signs = np.fromiter((text[at] > _LAST_LETTER for at in begins.tolist()), bool, len(begins))
        firsts, lasts = cut(begins, finishes, signs, self._third.width - 2)
        if not len(firsts):
            return [text[:A_STRETCH_EACH]]
        second = studied.alone(firsts, lasts)
        chances = chance(self._blend(np.stack([np.broadcast_to(first, second.shape), second]))).max(axis=1)
        most = min(self._third.most_read, max(1, len(text) // A_STRETCH_EACH))
        chosen: list[int] = []
        for place in np.argsort(-chances, kind="stable").tolist():
            if all(lasts[place] <= firsts[other] or lasts[other] <= firsts[place] for other in chosen):
                chosen.append(place)
                if len(chosen) == most:
                    break
        covered = [slice(firsts[place], lasts[place]) for place in chosen]
        return [text[begins[words].min() : finishes[words].max()] for words in covered]

    def _blend(self, stages: F64) -> F64:
        """Return logits, shape (texts, heads), from those of all stages so far, shape (stages, texts, heads)."""
        import numpy as np

        constant, factors = self._factors[len(stages) - 2]
        return np.asarray((stages * factors).sum(axis=0) + constant, np.float64)

    @cached_property
    def _columns(self) -> NDArray[np.int64]:
        """Where the linear model has the heads that are refined."""
        import numpy as np

        return np.array([self.categories.index(head) for head in self.plan.heads])

    @cached_property
    def _factors(self) -> tuple[tuple[F64, F64], ...]:
        """Of each blend the constants, shape (heads,), and the factors, shape (stages, 1, heads)."""
        import numpy as np

        # A plan without the later stages has no blends for them.
        lines = [np.array([blend[head] for head in self.plan.heads]) for blend in self.plan.blends if blend]
        return tuple((line[:, 0], line[:, 1:].T[:, None]) for line in lines)

    def scores(self, text: str) -> dict[str, float]:
        """Return the score of each category alone. Raises `TextError`."""
        return dict(zip(self.categories, self._one(text).scores[0].tolist(), strict=True))

    def examine(self, text: str) -> tuple[Signal, ...]:
        """Return one signal a category, with the words behind it: added up for the linear model, else left out in turn.

        Where the linear model had the last word a span's weight is in log-odds; where a later one had, it is by how
        much the score falls without that stretch.
        """
        judged = self._one(text)
        again = self._left_out(text, judged, 0, self.plan.heads)
        scores = judged.scores[0].tolist()
        return tuple(
            Signal(self.name, self.version, signal.category, score, again.get(signal.category, signal.spans))
            for signal, score in zip(self._linear.examine(text), scores, strict=True)
        )

    def _left_out(self, text: str, judged: Judged, row: int, heads: Sequence[str]) -> dict[str, tuple[Span, ...]]:
        """Return by head the fewest stretches, as far as greed and the budget go, without which its score is below its
        level; nothing for what no later stage flagged, and where no word alone matters."""
        from wardmote.detect.explain.occlusion import carriers

        columns = {head: self.categories.index(head) for head in heads}
        flagged = [head for head in heads if judged.scores[row, columns[head]] >= self.plan.levels[head]]
        if not flagged or judged.stages[row] == 1 or len(text) > OCCLUDED:
            return {}
        words, falls = self._falls(text)
        asks = BUDGET // self._third.cost(text, self.tables) - int(judged.stages[row] == 3)
        asked: dict[str, F64] = {}

        def passes(head: str, rest: str) -> bool | None:
            if rest not in asked:
                if len(asked) >= asks:
                    return None
                asked[rest] = self.judge_texts([rest]).scores[0]
            return bool(asked[rest][columns[head]] < self.plan.levels[head])

        places = {head: self.plan.heads.index(head) for head in flagged}
        found = {head: carriers(text, words, falls[:, places[head]], partial(passes, head)) for head in flagged}
        return {head: spans for head, spans in found.items() if spans}

    def _falls(self, text: str) -> tuple[list[tuple[int, int]], F64]:
        """Return the words of `text`, and by how much the chance that the first two stages see falls without each.

        The shape of the second is (words, refined heads). About right, and in one pass whatever the number of words.
        """
        import numpy as np

        from wardmote.detect import scoring
        from wardmote.detect.explain import attribution

        model = self._linear.weights
        data = np.frombuffer(text.encode("utf-8") or b"\0", np.uint8)
        offsets = np.array([0, len(data)], np.int64)
        whole = scoring.score(data, offsets, model.tables, model.weights, model.scale, model.bias)[:, self._columns]
        begins, ends, shares = attribution.explain(data, model.tables, model.weights, model.scale)
        studied = self.student.study(data, model.tables)
        each = np.arange(len(begins))
        first = whole - shares[:, self._columns]
        left = chance(self._blend(np.stack([first, studied.without(each, each + 1)])))
        seen = chance(self._blend(np.stack([whole, self.student.logits(data, offsets, model.tables)])))
        return list(zip(begins.tolist(), ends.tolist(), strict=True)), seen - left

    def warm(self) -> None:
        """Read every file and compile every kernel: a text goes through all stages, and its words are left out."""
        import pyarrow as pa

        open_to_all = replace(
            self.plan, student_gate=0.0, transformer_gate=0.0, levels=dict.fromkeys(self.categories, 0.0)
        )
        willing = CascadeDetector(self._linear, self._second, self._third, open_to_all)
        vars(willing)["student"] = self.student
        willing.examine("Ready for you.")
        willing.scores("Ready for you. " * self._third.width)
        willing.spans_batch(pa.array(["Ready for you."]), {category: [True] for category in self.categories})

    def examine_batch(self, texts: pa.Array[Any] | pa.ChunkedArray[Any] | pa.Table) -> pa.Table:
        """Return one float64 column of scores per category, one row per text; null texts have null scores."""
        import pyarrow as pa

        from wardmote.detect.text import arrow

        column = arrow.text_column(texts)
        arrow.check_column(column, self.accepts.max_characters)
        scores, _ = self.scores_and_stages(column)
        absent = column.is_null().to_numpy(zero_copy_only=False) if column.null_count else None
        heads = enumerate(self.categories)
        return pa.table({category: pa.array(scores[:, head], mask=absent) for head, category in heads})

    def scores_and_stages(self, column: pa.LargeStringArray) -> tuple[F64, NDArray[np.int8]]:
        """Return scores, shape (texts, categories), and the last stage each text reached; the column must be sound."""
        from wardmote.detect.text import arrow

        judged = self.judge(Lazy(column), *arrow.bytes_and_offsets(column))
        return judged.scores, judged.stages

    def spans_batch(self, texts: pa.Array[Any] | pa.ChunkedArray[Any] | pa.Table, wanted: Wanted) -> list[Found]:
        """Return the stretches that `examine` gives, of the wanted rows and categories, by row, category and place."""
        import numpy as np

        from wardmote.detect.text import arrow

        column = arrow.text_column(texts)
        arrow.check_column(column, self.accepts.max_characters)
        refined = [head for head in self.plan.heads if head in wanted and np.any(wanted[head])]
        found = self._linear.spans_batch(column, wanted)
        if not refined:
            return found
        asked = np.flatnonzero(np.any([np.asarray(wanted[head], bool) for head in refined], axis=0))
        some = column.take(asked)
        judged = self.judge(Lazy(some), *arrow.bytes_and_offsets(some))
        again: dict[tuple[int, str], tuple[Span, ...]] = {}
        for place, row in enumerate(asked.tolist()):
            heads = [head for head in refined if wanted[head][row]]
            text = some[place].as_py()
            again |= {(row, head): spans for head, spans in self._left_out(text or "", judged, place, heads).items()}
        kept = [each for each in found if each[:2] not in again]
        kept += [(row, head, span) for (row, head), spans in again.items() for span in spans]
        places = {head: number for number, head in enumerate(self.categories)}
        return sorted(kept, key=lambda each: (each[0], places[each[1]], each[2].start))

    def _one(self, text: str) -> Judged:
        import numpy as np

        data = np.frombuffer(self.accepts.check(text) or b"\0", np.uint8)
        return self.judge([text], data, np.array([0, len(data)], np.int64))

    def judge_texts(self, texts: Sequence[str]) -> Judged:
        """Return the scores of `texts`, none of which holds a lone surrogate."""
        import numpy as np

        encoded = [text.encode("utf-8") for text in texts]
        offsets = np.zeros(len(texts) + 1, np.int64)
        np.cumsum([len(each) for each in encoded], out=offsets[1:])
        return self.judge(texts, np.frombuffer(b"".join(encoded) or b"\0", np.uint8), offsets)
