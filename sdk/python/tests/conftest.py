"""The API that the tests run against stands behind a proxy which can be told what goes wrong next."""

from __future__ import annotations

import os
import time
import uuid
from typing import Any, Callable, Dict, Iterator, List

import httpx
import pytest

from suanxiang import Suanxiang, models


class Proxy:
    """See packages/testing/src/faulty-proxy.ts."""

    def __init__(self, url: str) -> None:
        self.url = url

    def plan(self, *faults: Dict[str, Any]) -> None:
        httpx.post(f"{self.url}/faults", json=list(faults)).raise_for_status()

    def seen(self) -> List[Dict[str, Any]]:
        """Requests since this was asked last."""
        answer: List[Dict[str, Any]] = httpx.get(f"{self.url}/seen").json()
        return answer

    def streams(self) -> int:
        return sum("/stream" in one["path"] for one in self.seen())


def busy(on: str, status: int, code: str, headers: Dict[str, str]) -> Dict[str, Any]:
    body = {"title": "Not now", "detail": "A test says so.", "code": code, "status": status, "retryable": True}
    return {"on": on, "answer": {"status": status, "headers": headers, "body": body}}


def until(what: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "what was waited for did not come"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def api_key() -> str:
    return os.environ["SUANXIANG_API_KEY"]


@pytest.fixture
def proxy() -> Proxy:
    proxy = Proxy(os.environ["SUANXIANG_API_URL"])
    proxy.seen()
    return proxy


@pytest.fixture
def client() -> Iterator[Suanxiang]:
    with Suanxiang() as client:
        yield client


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def name_of(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4().hex[:8]}"


def launch(client: Suanxiang, prefix: str = "py") -> models.Instance:
    return client.instances.create(
        name=name_of(prefix), region_id="cn-north", accelerator_id="nvidia-h100-80g", gpus=1
    )


def make_project(client: Suanxiang, prefix: str) -> models.Project:
    """Something small that is told as an event."""
    name = name_of(prefix)
    return client.projects.create(name=name, slug=name)
