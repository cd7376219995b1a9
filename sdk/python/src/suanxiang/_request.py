"""Requests and what follows from answers: everything that needs no network, shared by both clients."""

from __future__ import annotations

import json
import random
import re
import uuid
from dataclasses import dataclass
from typing import Any, Dict, FrozenSet, Mapping, Optional, Sequence
from urllib.parse import quote

from ._errors import ApiProblem
from ._values import UNSET, CallOptions, encode

#: Waits longer than this are not waited for: the problem is raised instead.
LONGEST_WAIT_S = 60.0
FIRST_WAIT_S = 0.5
USER_AGENT = "suanxiang-python"


@dataclass(frozen=True)
class Call:
    """One operation of the API as far as calling it goes."""

    method: str
    path: str
    query: FrozenSet[str]
    """Fields that go into the query; the others are the body."""
    body: bool
    keyed: bool
    """Takes an Idempotency-Key."""


@dataclass(frozen=True)
class Request:
    method: str
    url: str
    params: Dict[str, str]
    headers: Dict[str, str]
    content: Optional[bytes]

    @property
    def repeatable(self) -> bool:
        return self.method == "GET" or "idempotency-key" in self.headers


@dataclass(frozen=True)
class Settings:
    """What a client is told once."""

    base_url: str
    api_key: Optional[str]
    organization_id: Optional[str]
    max_retries: int
    timeout_s: float
    api_version: str


def build_request(
    settings: Settings, call: Call, path: Sequence[str], fields: Mapping[str, Any], options: Optional[CallOptions]
) -> Request:
    """The request of a call. Its key, if it takes one, is made here and so kept over all attempts."""
    chosen = options or CallOptions()
    headers = {"accept": "application/json", "api-version": settings.api_version, "user-agent": USER_AGENT}
    if settings.api_key:
        headers["authorization"] = f"Bearer {settings.api_key}"
    if settings.organization_id:
        headers["organization-id"] = settings.organization_id
    if call.keyed:
        headers["idempotency-key"] = chosen.idempotency_key or str(uuid.uuid4())
    if chosen.if_match:
        headers["if-match"] = chosen.if_match
    given = {name: value for name, value in fields.items() if value is not UNSET}
    content = None
    if call.body:
        headers["content-type"] = "application/json"
        content = json.dumps(encode({name: value for name, value in given.items() if name not in call.query})).encode()
    parts = iter(path)
    where = re.sub(r"\{\w+\}", lambda _: quote(next(parts), safe=""), call.path)
    params = {name: _query_text(value) for name, value in given.items() if name in call.query and value is not None}
    return Request(call.method, settings.base_url.rstrip("/") + where, params, headers, content)


def _query_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(encode(value))


def backoff_s(attempt: int) -> float:
    """The pause after an attempt that says nothing better, spread so that many clients do not come back at once."""
    return FIRST_WAIT_S * float(2**attempt) * (0.5 + random.random() / 2)


def wait_s(status: int, headers: Mapping[str, str], content: bytes, attempt: int) -> Optional[float]:
    """How long to wait before repeating; None when the answer is final.

    Repeated is what says `retryable` and either names a Retry-After or is the server's own (5xx).
    """
    members = _members(content)
    retryable = members.get("retryable", status >= 500)
    if retryable is not True:
        return None
    after = _seconds(headers)
    if after is not None:
        return max(after, 0.0) if after <= LONGEST_WAIT_S else None
    return backoff_s(attempt) if status >= 500 else None


def problem_of(status: int, headers: Mapping[str, str], content: bytes) -> ApiProblem:
    """The exception that an answer is: the class of its code, or ApiProblem where the code is newer than this client."""
    from ._generated.problems import BY_CODE

    members = _members(content)
    kind = BY_CODE.get(str(members.get("code")), ApiProblem)
    return kind(members, status, _seconds(headers))


def _members(content: bytes) -> Mapping[str, Any]:
    try:
        members = json.loads(content)
    except ValueError:
        return {}
    return members if isinstance(members, dict) else {}


def _seconds(headers: Mapping[str, str]) -> Optional[float]:
    try:
        return float(headers["retry-after"])
    except (KeyError, ValueError):
        return None
