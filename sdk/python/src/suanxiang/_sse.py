"""Server-sent events, read from bytes as they arrive."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Iterator, List

#: A stream that is silent for longer is dead: the server speaks every 15 seconds.
SILENCE_S = 45.0
AGAIN_S = 1.0

_END = re.compile(r"\r?\n\r?\n")
# Not splitlines(): it also splits at characters that JSON may hold as they are.
_LINE = re.compile(r"\r?\n")


@dataclass(frozen=True)
class ServerSentEvent:
    id: str
    data: str


class EventReader:
    """Takes bytes, gives whole events; comments and events without data are passed over, what was cut off is dropped."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._text = ""

    def feed(self, chunk: bytes) -> Iterator[ServerSentEvent]:
        self._text += self._decoder.decode(chunk)
        *blocks, self._text = _END.split(self._text)
        for block in blocks:
            event = _parse(block)
            if event.data:
                yield event


def _parse(block: str) -> ServerSentEvent:
    event_id = ""
    data: List[str] = []
    for line in _LINE.split(block):
        field, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if field == "id":
            event_id = value
        elif field == "data":
            data.append(value)
    return ServerSentEvent(event_id, "\n".join(data))
