"""Sending, with threads that wait."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from typing import Any, Callable, Generic, Iterator, List, Mapping, Optional, Sequence, Type, TypeVar

import httpx

from ._decode import decode
from ._errors import ApiProblem, NoAnswer
from ._request import Call, Request, Settings, backoff_s, build_request, problem_of, wait_s
from ._sse import AGAIN_S, SILENCE_S, EventReader
from ._values import CallOptions, ResponseInfo, StreamOptions

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    items: List[T]
    next_cursor: Optional[str]


class Pager(Generic[T]):
    """A list: iterate over all items of all pages. Pages are fetched when they are looked at."""

    def __init__(self, fetch: Callable[[Optional[str]], Page[T]]) -> None:
        self._fetch = fetch

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.items

    def page(self) -> Page[T]:
        """The first page alone."""
        return self._fetch(None)

    def pages(self) -> Iterator[Page[T]]:
        cursor: Optional[str] = None
        while True:
            page = self._fetch(cursor)
            yield page
            cursor = page.next_cursor
            if cursor is None:
                return


class SyncTransport:
    """Sends calls until they have an answer that counts."""

    def __init__(self, settings: Settings, http: httpx.Client) -> None:
        self._settings = settings
        self._http = http

    def value(
        self, model: Type[T], call: Call, path: Sequence[str], fields: Mapping[str, Any], options: Optional[CallOptions]
    ) -> T:
        return decode(model, json.loads(self.content(call, path, fields, options)))

    def nothing(
        self, call: Call, path: Sequence[str], fields: Mapping[str, Any], options: Optional[CallOptions]
    ) -> None:
        self.content(call, path, fields, options)

    def content(
        self, call: Call, path: Sequence[str], fields: Mapping[str, Any], options: Optional[CallOptions]
    ) -> bytes:
        request = build_request(self._settings, call, path, fields, options)
        timeout_s = (options.timeout_s if options else None) or self._settings.timeout_s
        response = self._send(request, timeout_s)
        if options and options.on_response:
            options.on_response(ResponseInfo(response.status_code, response.headers))
        return response.content

    def pages(
        self, model: Type[T], call: Call, path: Sequence[str], fields: Mapping[str, Any], options: Optional[CallOptions]
    ) -> Pager[T]:
        def fetch(cursor: Optional[str]) -> Page[T]:
            asked = fields if cursor is None else {**fields, "cursor": cursor}
            answer = json.loads(self.content(call, path, asked, options))
            return Page([decode(model, item) for item in answer["items"]], answer["next_cursor"])

        return Pager(fetch)

    def events(
        self,
        model: Type[T],
        newest: Call,
        call: Call,
        path: Sequence[str],
        fields: Mapping[str, Any],
        options: Optional[StreamOptions],
    ) -> Iterator[T]:
        """Events without loss or doubles: what breaks is opened again after the event last seen.

        It is known before the first connection after which event to begin, so that a break before the first one loses none.
        """
        last = options.last_event_id if options else None
        if last is None:
            items = json.loads(self.content(newest, (), {"limit": 1}, None))["items"]
            last = items[0]["id"] if items else None
        while True:
            request = build_request(self._settings, call, path, fields, None)
            headers = {**request.headers, "accept": "text/event-stream", **({"last-event-id": last} if last else {})}
            try:
                for event_id, data in self._listen(replace(request, headers=headers)):
                    yield decode(model, json.loads(data))
                    last = event_id
            except httpx.TransportError:
                pass
            except ApiProblem as problem:
                if not problem.retryable:
                    raise
            time.sleep(AGAIN_S)

    def _listen(self, request: Request) -> Iterator[tuple[str, str]]:
        reader = EventReader()
        timeout = httpx.Timeout(self._settings.timeout_s, read=SILENCE_S)
        with self._http.stream(
            request.method, request.url, params=request.params, headers=request.headers, timeout=timeout
        ) as response:
            if not response.is_success:
                raise problem_of(response.status_code, response.headers, response.read())
            for chunk in response.iter_bytes():
                for event in reader.feed(chunk):
                    yield event.id, event.data

    def _send(self, request: Request, timeout_s: float) -> httpx.Response:
        attempt = 0
        while True:
            last = not request.repeatable or attempt >= self._settings.max_retries
            try:
                response = self._http.request(
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
            time.sleep(pause_s)
            attempt += 1
