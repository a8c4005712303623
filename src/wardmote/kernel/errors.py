"""What can go wrong with what somebody asked for. An edge turns each into its own kind of answer.

WardmoteError            something was asked that is not done; `str()` is one sentence for the person who asked
├── NotFound             there is no such thing here, or it is not for these eyes (404)
├── Refused              this person may not do this (403)
│   ├── NotAccepted      the policy in force must be accepted first (403)
│   └── TooOften         not so soon again (429); `seconds` says when it goes on
├── Invalid              the input is not what it must be; `field` says where (422)
└── Conflict             somebody else was faster, or it is already so (409)
"""


class WardmoteError(Exception):
    """The root: one clear sentence, written for the person who asked."""


class NotFound(WardmoteError):
    """No such thing in this community, or none that this person may see."""


class Refused(WardmoteError):
    """The person is known and may not do this."""


class NotAccepted(Refused):
    """This person may do it once they have accepted the policy in force."""


class TooOften(Refused):
    """This person did the same too often just now; in `seconds` it goes on."""

    def __init__(self, message: str, *, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class Conflict(WardmoteError):
    """The state has moved on: claimed by another, decided already, sent twice."""


class Invalid(WardmoteError):
    """The input is wrong; `field` names where."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field
