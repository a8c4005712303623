"""Receipts as lines and as files."""

from wardmote.hosting.models import Answer, Case, Notice, Receipt
from wardmote.hosting.queries.cases import receipt_row
from wardmote.hosting.queries.views import ReceiptRow


def receipts(*, case_id: int) -> list[ReceiptRow]:
    """Every receipt about the letters and answers of a case, given and kept."""
    case = Case.objects.filter(pk=case_id).first()
    if case is None:
        return []
    names = [str(n.urn) for n in Notice.objects.filter(case=case)]
    names += Answer.objects.filter(notice__case=case).values_list("given", flat=True)
    rows = Receipt.objects.filter(customer_id=case.customer_id, about__in=names).order_by("pk")
    return [receipt_row(row) for row in rows]


def receipt_file(*, receipt_id: int) -> tuple[str, str] | None:
    """A receipt as a file: its name and its text, which `wardmote record check` verifies without the log."""
    row = Receipt.objects.filter(pk=receipt_id).first()
    return (f"receipt-{row.index}-of-{row.size}.json", row.text) if row else None
