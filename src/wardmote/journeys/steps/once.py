"""A form that is sent twice does its deed once: the second time it is answered with what the first led to.

Each form carries a key that was drawn when it was shown. What it leads to is kept with the deed, in one transaction:
there is no moment at which one is stored without the other.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from wardmote.communities import operations as communities
from wardmote.communities.policy import ONCE_LENGTH
from wardmote.communities.queries import sent_once
from wardmote.kernel.errors import Conflict
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.ledger import Json


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it was sent: by whom, under which key ("" for none), and all that it says."""

    community_id: int
    holder: Urn
    key: str
    said: tuple[str | int | None, ...]

    @property
    def digest(self) -> str:
        """SHA-256, in hex, of what it says."""
        return sha256(json.dumps(self.said).encode()).hexdigest()

    def before(self, *, now: datetime) -> "Json | None":
        """What the same form led to when it was sent before; Conflict where that said something else."""
        if not 0 < len(self.key) <= ONCE_LENGTH:
            return None
        found = sent_once(community_id=self.community_id, holder=self.holder, key=self.key, now=now)
        if found is None:
            return None
        digest, result = found
        if digest != self.digest:
            raise Conflict(_("This form was sent before and said something else. Reload the page to send another."))
        return result

    def keep(self, result: Json, *, now: datetime) -> None:
        """Keep what it led to; inside the transaction that does it."""
        if 0 < len(self.key) <= ONCE_LENGTH:
            communities.keep_once(
                community_id=self.community_id,
                holder=self.holder,
                key=self.key,
                digest=self.digest,
                result=result,
                now=now,
            )
