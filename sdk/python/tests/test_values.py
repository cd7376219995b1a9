from __future__ import annotations

import random
from dataclasses import fields
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from suanxiang import SuanxiangError, models, problems
from suanxiang._decode import decode
from suanxiang._sse import EventReader
from suanxiang._values import UNSET, encode

STREAM = 'retry: 2000\n: hello\n\nid: evt_1\nevent: a.b\ndata: {"名":"\u2028算"}\n\n: still here\n\nid: 2\ndata: x\ndata: y\n\nid: 3\ndata: cut'


def test_events_are_the_same_wherever_the_network_cuts_the_bytes() -> None:
    data = STREAM.encode()
    expected = [("evt_1", '{"名":"\u2028算"}'), ("2", "x\ny")]
    dice = random.Random(7)
    for _ in range(200):
        cuts = sorted(dice.randrange(len(data)) for _ in range(dice.randrange(9)))
        reader = EventReader()
        chunks = [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)])]
        assert [(event.id, event.data) for chunk in chunks for event in reader.feed(chunk)] == expected


def test_values_that_are_sent() -> None:
    east = timezone(timedelta(hours=8))
    assert encode({"a": Decimal("1E+2"), "b": [datetime(2026, 11, 1, 8, tzinfo=east)], "c": UNSET, "d": None}) == {
        "a": "100",
        "b": ["2026-11-01T00:00:00.000Z"],
        "d": None,
    }
    with pytest.raises(ValueError):
        encode(datetime(2026, 11, 1))


def test_answers_of_tomorrow_are_read_and_broken_ones_are_named() -> None:
    money = decode(models.Money, {"amount": "0.10", "currency": "XDR", "colour": "red"})
    assert money.amount == Decimal("0.10") and money.currency == "XDR"  # type: ignore[comparison-overlap]
    with pytest.raises(SuanxiangError, match="Money"):
        decode(models.Money, {"amount": "many", "currency": "CNY"})


def test_every_model_can_be_read_and_every_code_has_a_class() -> None:
    kinds = [kind for kind in vars(models).values() if hasattr(kind, "__dataclass_fields__")]
    assert len(kinds) > 80
    for kind in kinds:
        required = [field.name for field in fields(kind) if field.default is not None]
        if required:
            with pytest.raises(SuanxiangError):
                decode(kind, {})
    assert problems.BY_CODE["quota_exceeded"] is problems.QuotaExceeded
