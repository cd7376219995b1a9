"""Values that go into calls, and how they are written in JSON."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any, Callable, Mapping, Optional, Union

#: An exact amount. No float: 0.1 is not one tenth there.
Amount = Union[Decimal, int, str]
#: A moment: a datetime with its time zone, or a text as RFC 3339 says.
Time = Union[datetime, str]


class Unset(enum.Enum):
    """Tells a field that is left out from one that is set to None."""

    UNSET = "unset"

    def __repr__(self) -> str:
        return "UNSET"


UNSET = Unset.UNSET


@dataclass(frozen=True)
class ResponseInfo:
    """What came with an answer: `etag`, `x-request-id`, `idempotent-replayed`, `ratelimit` and others."""

    status: int
    headers: Mapping[str, str]


@dataclass(frozen=True)
class CallOptions:
    """What one call does differently."""

    idempotency_key: Optional[str] = None
    """Default: a new one for each call that changes something, kept over its retries."""
    if_match: Optional[str] = None
    """ETag of the reading that a change was made from; somebody else's change in between is then a 412."""
    timeout_s: Optional[float] = None
    """Seconds that one attempt may take; default: those of the client."""
    on_response: Optional[Callable[[ResponseInfo], None]] = None
    """Told about every successful answer, for its ETag or request id."""


@dataclass(frozen=True)
class StreamOptions:
    """Where a stream of events begins."""

    last_event_id: Optional[str] = None
    """Go on after this event; default: tell what happens from now on."""


def encode(value: Any) -> Any:
    """A value as JSON says it: amounts and moments are texts there."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return encode_time(value)
    if isinstance(value, Mapping):
        return {key: encode(item) for key, item in value.items() if item is not UNSET}
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    return value


def encode_time(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("A datetime needs a time zone here, for example timezone.utc.")
    return value.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
