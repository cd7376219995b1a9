"""JSON into models: amounts become Decimal, moments datetime, objects dataclasses."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Callable, Dict, Hashable, Type, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from ._errors import SuanxiangError

T = TypeVar("T")
_Decoder = Callable[[Any], Any]


def decode(model: Type[T], value: Any) -> T:
    """An answer as its model. Fields that this version does not know are passed over, unknown words are kept."""
    try:
        return cast(T, _decoder(cast(Hashable, model))(value))
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise SuanxiangError(f"An answer cannot be read as {model.__name__}: {error!r}") from error


def decode_time(text: str) -> datetime:
    return datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith("Z") else text)


def _same(value: Any) -> Any:
    return value


@lru_cache(maxsize=None)
def _decoder(kind: Any) -> _Decoder:
    if kind is Decimal:
        return Decimal
    if kind is datetime:
        return decode_time
    if dataclasses.is_dataclass(kind):
        return _object_decoder(cast(Type[Any], kind))
    origin, args = get_origin(kind), get_args(kind)
    if origin is list:
        item = _decoder(args[0])
        return lambda value: [item(one) for one in value]
    if origin is dict:
        entry = _decoder(args[1])
        return lambda value: {key: entry(one) for key, one in value.items()}
    if origin is Union:
        some = [one for one in args if one is not type(None)]
        inner = _decoder(some[0]) if len(some) == 1 else _same
        return lambda value: None if value is None else inner(value)
    return _same


def _object_decoder(model: Type[Any]) -> _Decoder:
    hints = get_type_hints(model)
    fields = [(field.name, field.name.rstrip("_"), field.default is None) for field in dataclasses.fields(model)]

    def read(value: Any) -> Any:
        given: Dict[str, Any] = {}
        for name, key, may_be_missing in fields:
            if key in value or not may_be_missing:
                given[name] = _decoder(hints[name])(value[key])
        return model(**given)

    return read
