"""The clients: the API, and waiting for what takes longer than a request."""

from __future__ import annotations

import os
import time
from types import TracebackType
from typing import Callable, Optional, Type, Union

import anyio
import httpx

from ._async import AsyncTransport
from ._errors import OperationFailed, WaitTimedOut
from ._generated.async_resources import AsyncApi
from ._generated.models import Cluster, Instance, Operation
from ._generated.operations import API_VERSION
from ._generated.resources import Api
from ._request import Settings
from ._sync import SyncTransport

#: An operation, its id, or what has one.
Waitable = Union[str, Operation, Instance, Cluster]

TIMEOUT_S = 600.0
POLL_S = 0.5
SLOW_POLL_S = 2.0
SLOW_AFTER_S = 30.0


def _settings(
    api_key: Optional[str], base_url: Optional[str], organization_id: Optional[str], max_retries: int, timeout_s: float
) -> Settings:
    url = base_url or os.environ.get("SUANXIANG_API_URL")
    if not url:
        raise ValueError("Name the API: base_url=..., or SUANXIANG_API_URL in the environment.")
    key = api_key or os.environ.get("SUANXIANG_API_KEY") or None
    return Settings(url, key, organization_id, max_retries, timeout_s, API_VERSION)


def _operation_of(what: Union[Operation, Instance, Cluster]) -> Operation:
    operation = what if isinstance(what, Operation) else what.operation
    if operation is None:
        raise ValueError("There is no operation on it to wait for.")
    return operation


def _is_over(operation: Operation) -> bool:
    """True when it has succeeded; raises when it has ended in another way."""
    if operation.status in ("failed", "superseded"):
        raise OperationFailed(operation)
    return operation.status == "succeeded"


def _pause_s(operation: Operation, waited_s: float, timeout_s: float) -> float:
    if waited_s >= timeout_s:
        raise WaitTimedOut(operation)
    return min(POLL_S if waited_s < SLOW_AFTER_S else SLOW_POLL_S, timeout_s - waited_s)


class Suanxiang(Api):
    """A client of the API: `client.instances.create(...)`, `for it in client.instances.list(): ...`."""

    def __init__(
        self,
        api_key: Optional[str] = None,
        *,
        base_url: Optional[str] = None,
        organization_id: Optional[str] = None,
        max_retries: int = 3,
        timeout_s: float = 60.0,
        http_client: Optional[httpx.Client] = None,
    ) -> None:
        """Opens a client.

        :param api_key: An API key (`sx_sk_...`) or a session token; default: SUANXIANG_API_KEY
        :param base_url: For example https://api.example.com; default: SUANXIANG_API_URL
        :param organization_id: Organization for session tokens; an API key names its own
        :param max_retries: Further attempts after the first
        :param timeout_s: Seconds that one attempt may take
        :param http_client: For proxies, certificates and the like; it stays yours to close
        """
        self._http = http_client or httpx.Client()
        self._owns_http = http_client is None
        settings = _settings(api_key, base_url, organization_id, max_retries, timeout_s)
        super().__init__(SyncTransport(settings, self._http))

    def wait_for(
        self,
        what: Waitable,
        *,
        timeout_s: float = TIMEOUT_S,
        on_progress: Optional[Callable[[Operation], None]] = None,
    ) -> Operation:
        """Waits until an operation has succeeded. Raises OperationFailed or WaitTimedOut."""
        operation = self.operations.get(what) if isinstance(what, str) else _operation_of(what)
        began_s = time.monotonic()
        while not _is_over(operation):
            if on_progress:
                on_progress(operation)
            time.sleep(_pause_s(operation, time.monotonic() - began_s, timeout_s))
            operation = self.operations.get(operation.id)
        return operation

    def close(self) -> None:
        if self._owns_http:
            self._http.close()

    def __enter__(self) -> Suanxiang:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()


class AsyncSuanxiang(AsyncApi):
    """The same with `await` and `async for`, on asyncio or trio."""

    def __init__(
        self,
        api_key: Optional[str] = None,
        *,
        base_url: Optional[str] = None,
        organization_id: Optional[str] = None,
        max_retries: int = 3,
        timeout_s: float = 60.0,
        http_client: Optional[httpx.AsyncClient] = None,
    ) -> None:
        """Opens a client; see Suanxiang for the parameters."""
        self._http = http_client or httpx.AsyncClient()
        self._owns_http = http_client is None
        settings = _settings(api_key, base_url, organization_id, max_retries, timeout_s)
        self._sending = AsyncTransport(settings, self._http)
        super().__init__(self._sending)

    async def wait_for(
        self,
        what: Waitable,
        *,
        timeout_s: float = TIMEOUT_S,
        on_progress: Optional[Callable[[Operation], None]] = None,
    ) -> Operation:
        """Waits until an operation has succeeded. Raises OperationFailed or WaitTimedOut."""
        operation = await self.operations.get(what) if isinstance(what, str) else _operation_of(what)
        began_s = time.monotonic()
        while not _is_over(operation):
            if on_progress:
                on_progress(operation)
            await anyio.sleep(_pause_s(operation, time.monotonic() - began_s, timeout_s))
            operation = await self.operations.get(operation.id)
        return operation

    async def close(self) -> None:
        await self._sending.stop_listening()
        if self._owns_http:
            await self._http.aclose()

    async def __aenter__(self) -> AsyncSuanxiang:
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        await self.close()
