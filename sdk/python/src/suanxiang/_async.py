"""Sending, on an event loop."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, AsyncIterator, Awaitable, Callable, Generic, Mapping, Optional, Sequence, Set, Type, TypeVar

import anyio
import httpx

from ._decode import decode
from ._errors import ApiProblem, NoAnswer
from ._request import Call, Request, Settings, backoff_s, build_request, problem_of, wait_s
from ._sse import AGAIN_S, SILENCE_S, EventReader
from ._sync import Page
from ._values import CallOptions, ResponseInfo, StreamOptions

T = TypeVar("T")


class AsyncPager(Generic[T]):
    """A list: iterate over all items of all pages. Pages are fetched when they are looked at."""

    def __init__(self, fetch: Callable[[Optional[str]], Awaitable[Page[T]]]) -> None:
        self._fetch = fetch

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page.items:
                yield item

    async def page(self) -> Page[T]:
        """The first page alone."""
        return await self._fetch(None)

    async def pages(self) -> AsyncIterator[Page[T]]:
        cursor: Optional[str] = None
        while True:
            page = await self._fetch(cursor)
            yield page
            cursor = page.next_cursor
            if cursor is None:
                return


class AsyncTransport:
    """Sends calls until they have an answer that counts."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        self._settings = settings
        self._http = http
        self._listening: Set[httpx.Response] = set()

    async def value(
        self, model: Type[T], call: Call, path: Sequence[str], fields: Mapping[str, Any], options: Optional[CallOptions]
    ) -> T:
        return decode(model, json.loads(await self.content(call, path, fields, options)))

    async def nothing(
        self, call: Call, path: Sequence[str], fields: Mapping[str, Any], options: Optional[CallOptions]
    ) -> None:
        await self.content(call, path, fields, options)

    async def content(
        self, call: Call, path: Sequence[str], fields: Mapping[str, Any], options: Optional[CallOptions]
    ) -> bytes:
        request = build_request(self._settings, call, path, fields, options)
        timeout_s = (options.timeout_s if options else None) or self._settings.timeout_s
        response = await self._send(request, timeout_s)
        if options and options.on_response:
            options.on_response(ResponseInfo(response.status_code, response.headers))
        return response.content

    def pages(
        self, model: Type[T], call: Call, path: Sequence[str], fields: Mapping[str, Any], options: Optional[CallOptions]
    ) -> AsyncPager[T]:
        async def fetch(cursor: Optional[str]) -> Page[T]:
            asked = fields if cursor is None else {**fields, "cursor": cursor}
            answer = json.loads(await self.content(call, path, asked, options))
            return Page([decode(model, item) for item in answer["items"]], answer["next_cursor"])

        return AsyncPager(fetch)

    async def events(
        self,
        model: Type[T],
        newest: Call,
        call: Call,
        path: Sequence[str],
        fields: Mapping[str, Any],
        options: Optional[StreamOptions],
    ) -> AsyncIterator[T]:
        """Events without loss or doubles: what breaks is opened again after the event last seen.

        It is known before the first connection after which event to begin, so that a break before the first one loses none.
        """
        last = options.last_event_id if options else None
        if last is None:
            items = json.loads(await self.content(newest, (), {"limit": 1}, None))["items"]
            last = items[0]["id"] if items else None
        while True:
            request = build_request(self._settings, call, path, fields, None)
            headers = {**request.headers, "accept": "text/event-stream", **({"last-event-id": last} if last else {})}
            try:
                async for event_id, data in self._listen(replace(request, headers=headers)):
                    yield decode(model, json.loads(data))
                    last = event_id
            except httpx.TransportError:
                pass
            except ApiProblem as problem:
                if not problem.retryable:
                    raise
            await anyio.sleep(AGAIN_S)

    async def _listen(self, request: Request) -> AsyncIterator[tuple[str, str]]:
        reader = EventReader()
        timeout = httpx.Timeout(self._settings.timeout_s, read=SILENCE_S)
        asked = self._http.build_request(
            request.method, request.url, params=request.params, headers=request.headers, timeout=timeout
        )
        response = await self._http.send(asked, stream=True)
        self._listening.add(response)
        try:
            if not response.is_success:
                raise problem_of(response.status_code, response.headers, await response.aread())
            async for chunk in response.aiter_bytes():
                for event in reader.feed(chunk):
                    yield event.id, event.data
        finally:
            self._listening.discard(response)
            await response.aclose()

    async def stop_listening(self) -> None:
        """Ends streams that were left in their middle: an event loop closes what is left over in no certain order."""
        for response in list(self._listening):
            await response.aclose()

    async def _send(self, request: Request, timeout_s: float) -> httpx.Response:
        attempt = 0
        while True:
            last = not request.repeatable or attempt >= self._settings.max_retries
            try:
                response = await self._http.request(
                    request.method,
                    request.url,
                    params=request.params,
                    headers=request.headers,
                    content=request.content,
                    timeout=timeout_s,
                )
            except httpx.TransportError as error:
                if last:
                    raise NoAnswer(request.url, repr(error)) from error
                pause_s = backoff_s(attempt)
            else:
                if response.is_success:
                    return response
                answer = (response.status_code, response.headers, response.content)
                wanted = None if last else wait_s(*answer, attempt)
                if wanted is None:
                    raise problem_of(*answer)
                pause_s = wanted
            await anyio.sleep(pause_s)
            attempt += 1
