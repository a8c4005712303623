"""The record: its latest checkpoint, one entry with its proof, and the entry that a receipt is of."""

from typing import cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wardmote.edges.ui.fields import Text
from wardmote.edges.web.requests import Request
from wardmote.kernel.errors import NotFound
from wardmote.kernel.urn import Urn
from wardmote.ledger import Leaf, LedgerError, Receipt, VerifierKey, leaf_hash, verify_receipt
from wardmote.ledger.note import encode_base64
from wardmote.people.queries import is_host_staff
from wardmote.record import queries
from wardmote.record.queries import Recorded

RECEIPT_LIMIT = 200_000
"""Bytes of a receipt that is looked at; one has a few thousand, and its opened facts."""

_PUBLIC = frozenset(
    {
        "acceptable_use.published",
        "community.founded",
        "community.reinstated",
        "community.restricted",
        "community.suspended",
        "community.terminated",
        "entry.misdated",
        "installation.born_as_demo",
        "policy.published",
        "post.deleted",
        "post.edited",
        "post.published",
        "profile.changed",
        "profile.created",
    }
)
"""Verbs of which the leaf says no more than what the pages show everybody."""
_CONCEALED = frozenset({"report.filed", "case.opened", "contact.confirmed"})
"""Verbs whose actor may be who reported: no moderator reads that either."""


class ReceiptForm(forms.Form):
    """A receipt, as text or as the file that was kept."""

    text = Text(
        label=gettext_lazy("The receipt"),
        required=False,
        strip=False,
        max_length=RECEIPT_LIMIT,
        help_text=gettext_lazy("Paste the whole of it, or choose the file."),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
    file = forms.FileField(label=gettext_lazy("The file"), required=False, allow_empty_file=True)

    def clean(self) -> dict[str, object]:
        """One of the two, within the limit, as `receipt`."""
        given = super().clean() or {}
        file = given.get("file")
        if file is not None and file.size > RECEIPT_LIMIT:
            raise forms.ValidationError(_("This file is too long to be a receipt."))
        raw = file.read() if file is not None else str(given.get("text", "")).encode(errors="replace")
        given["receipt"] = raw.decode("utf-8-sig", errors="replace").strip()
        if not given["receipt"] and not self.errors:
            raise forms.ValidationError(_("Paste a receipt, or choose its file."))
        return given


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The latest checkpoint and the key that it is signed with, to keep and compare."""
    return _page(request, ReceiptForm())


@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """What a receipt proves, and the entry that it is of; nothing of it is kept."""
    form = ReceiptForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    return _page(request, form, found=_look(form.cleaned_data["receipt"]))


@require_safe
def checkpoint(_request: HttpRequest) -> HttpResponse:
    """The latest signed checkpoint as the plain text that witnesses read."""
    latest = queries.latest_checkpoint()
    if latest is None:
        return HttpResponse(
            "no checkpoint has been published yet\n", status=404, content_type="text/plain; charset=utf-8"
        )
    return HttpResponse(latest.note, content_type="text/plain; charset=utf-8")


@require_safe
def show_entry(request: HttpRequest, index: int) -> HttpResponse:
    """One entry: its leaf, for those whom it concerns, and for everybody the proof that it is at its place."""
    entry_id = queries.id_at(index)
    entry = None if entry_id is None else queries.entry(entry_id)
    receipt = None if entry_id is None else queries.inclusion_receipt(entry_id)
    if entry is None or receipt is None:
        raise NotFound(_("No entry stands at this place of the record."))
    readable = _may_read(cast("Request", request), entry)
    context = {
        "index": index,
        "entry": entry if readable else None,
        "leaf": receipt.leaf.decode() if readable else "",
        "leaf_hash": encode_base64(leaf_hash(receipt.leaf)),
        "inclusion": [encode_base64(element) for element in receipt.inclusion],
        "checkpoint": receipt.checkpoint,
        "key": queries.verifier_key(),
    }
    response = render(request, "web/entry.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _page(
    request: HttpRequest, form: ReceiptForm, *, found: dict[str, object] | None = None, status: int = 200
) -> HttpResponse:
    latest = queries.latest_checkpoint()
    context = {
        "status": queries.status(),
        "checkpoint": latest,
        # Before the first checkpoint there may be no key yet.
        "key": queries.verifier_key() if latest else "",
        "form": form,
        "found": found,
    }
    return render(request, "web/record.html", context, status=status)


def _look(text: str) -> dict[str, object]:
    """What a receipt proves here: `trouble`, or the place, the leaf and whether the log still holds it."""
    key = queries.verifier_key()
    if not key:
        return {"trouble": _("No checkpoint has been published yet.")}
    try:
        receipt = Receipt.parse(text)
        proven = verify_receipt(receipt, VerifierKey.parse(key))
    except LedgerError as error:
        return {"trouble": str(error)}
    entry_id = queries.id_at(proven.index)
    ours = None if entry_id is None else queries.inclusion_receipt(entry_id)
    return {
        "index": proven.index,
        "size": proven.checkpoint.size,
        "leaf": receipt.leaf.decode(),
        "values": sorted((name, str(value)) for name, value in proven.values.items()),
        "held": ours is not None and ours.leaf == receipt.leaf and Leaf.decode(ours.leaf) == proven.leaf,
    }


def _may_read(request: Request, entry: Recorded) -> bool:
    """Whether this viewer may read what the leaf says: what pages show anyway, what they did, what they moderate."""
    here = None if request.community is None else Urn("community", request.community.id)
    standing = request.standing
    if entry.verb in _PUBLIC and entry.community in (None, here):
        return True
    if standing is not None and entry.actor == Urn("member", standing.member_id):
        return True
    if standing is not None and standing.moderates and here is not None and entry.community == here:
        return entry.verb not in _CONCEALED and not entry.verb.startswith("locked_case.")
    by_host = entry.verb.startswith(("host_", "customer.", "acceptable_use."))
    return by_host and request.user.is_authenticated and is_host_staff(person_id=request.user.pk or 0)
