"""What goes wrong, with the problem document where the server sent one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .document import Problem


class GradusError(Exception):
    """What a server refuses or fails to answer (RFC 9457). Status 0 where no answer came."""

    def __init__(self, message: str, status: int = 0, problem: Problem | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.problem = problem

    @property
    def code(self) -> str:
        """The stable code, such as `unknown_concept`; empty where no problem document came."""
        return self.problem["code"] if self.problem else ""

    @property
    def suggestions(self) -> list[str]:
        """What may have been meant, nearest first."""
        return self.problem["suggestions"] if self.problem else []
