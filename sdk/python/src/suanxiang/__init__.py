"""Typed client of the Suanxiang Cloud API.

>>> from suanxiang import Suanxiang
>>> with Suanxiang() as client:  # doctest: +SKIP
...     for instance in client.instances.list(live=True):
...         print(instance.name, instance.state)
"""

from ._client import AsyncSuanxiang, Suanxiang
from ._errors import ApiProblem, FieldError, NoAnswer, OperationFailed, SuanxiangError, WaitTimedOut
from ._generated import models, problems
from ._values import UNSET, Amount, CallOptions, ResponseInfo, StreamOptions, Time, Unset

__all__ = [
    "UNSET",
    "Amount",
    "ApiProblem",
    "AsyncSuanxiang",
    "CallOptions",
    "FieldError",
    "NoAnswer",
    "OperationFailed",
    "ResponseInfo",
    "StreamOptions",
    "Suanxiang",
    "SuanxiangError",
    "Time",
    "Unset",
    "WaitTimedOut",
    "models",
    "problems",
]
