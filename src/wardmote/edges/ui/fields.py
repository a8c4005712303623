"""The one field for what people write, in every form of the house."""

from django import forms

from wardmote.kernel.texts import is_blank, one_line_end


class Text(forms.CharField):
    """Text with one kind of line end, before anything counts it; what shows nothing counts as not filled in.

    A browser sends CR LF for each line break, so a limit that counted them as sent would refuse what its own page
    said was short enough.
    """

    def to_python(self, value: object) -> str | None:
        text = super().to_python(one_line_end(value) if isinstance(value, str) else value)
        return self.empty_value if isinstance(text, str) and is_blank(text) else text
