"""What can go wrong, as exceptions. One class for each problem code stands in `suanxiang.problems`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, List, Mapping, Optional

if TYPE_CHECKING:
    from ._generated.models import Operation


class SuanxiangError(Exception):
    """Everything that this package raises by itself."""


@dataclass(frozen=True)
class FieldError:
    """A place of the request and what is wrong with it."""

    pointer: str
    code: str
    detail: str


class ApiProblem(SuanxiangError):
    """An answer that is not 2xx, after the retries: a problem document (RFC 9457)."""

    def __init__(self, members: Mapping[str, Any], status: int, retry_after_s: Optional[float]) -> None:
        #: The whole document; members such as `alternatives` and `blockers` belong to single codes.
        self.members = members
        self.status = status
        #: The seconds that the server asked to wait; None: it named none.
        self.retry_after_s = retry_after_s
        self.code = str(members.get("code", "unavailable"))
        self.title = str(members.get("title", "Unreadable answer"))
        self.detail = str(members.get("detail", f"The server answered {status} without a problem document."))
        self.request_id = str(members.get("request_id", ""))
        #: The same request may succeed later.
        self.retryable = bool(members.get("retryable", status >= 500))
        self.suggestion = str(members.get("suggestion", ""))
        self.doc_url = str(members.get("doc_url", ""))
        self.errors: List[FieldError] = [
            FieldError(str(one.get("pointer", "")), str(one.get("code", "")), str(one.get("detail", "")))
            for one in members.get("errors", [])
        ]
        super().__init__(f"{self.title}: {self.detail} [{self.code}, {self.request_id}]")


class NoAnswer(SuanxiangError):
    """No answer came, after the retries."""

    def __init__(self, url: str, reason: str) -> None:
        self.url = url
        self.reason = reason
        super().__init__(f"{url}: {reason}")


class OperationFailed(SuanxiangError):
    """An awaited operation failed, or another one took its place (`superseded`)."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        why = f"{operation.error.en} [{operation.error.code}]" if operation.error else operation.id
        super().__init__(f"{operation.kind} {operation.status}: {why}")


class WaitTimedOut(SuanxiangError):
    """An awaited operation has not ended in time; it goes on."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        super().__init__(f"{operation.kind} is still {operation.status}: {operation.id}")
