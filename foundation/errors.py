"""The two ways a verb says no. Both carry a sentence for the person who can act."""


class DomainError(Exception):
    """A verb refused; nothing was saved. `message` is translated and shown as it is; `code` is stable for programs."""

    def __init__(self, message: str, *, code: str = "refused") -> None:
        super().__init__(str(message))
        self.message = message
        self.code = code


class Refused(DomainError):
    """The state of things does not allow the act (a window is closed, no post is free, a guard fails)."""


class NotAllowed(DomainError):
    """The person may not do this; the message is the reason from the policy."""

    def __init__(self, message: str, *, code: str = "not_allowed") -> None:
        super().__init__(message, code=code)
