from __future__ import annotations

import threading
from datetime import datetime, timezone
from decimal import Decimal
from typing import List

import pytest
from conftest import Proxy, busy, launch, make_project, name_of, until

from suanxiang import (
    ApiProblem,
    CallOptions,
    NoAnswer,
    OperationFailed,
    ResponseInfo,
    Suanxiang,
    WaitTimedOut,
    models,
    problems,
)


def test_money_is_decimal_and_times_are_datetimes(client: Suanxiang) -> None:
    top_up = client.billing.top_up(amount=Decimal("12.50"))
    assert top_up.amount == models.Money(amount=Decimal("12.50"), currency="USD")
    made = launch(client)
    assert made.created_at.tzinfo == timezone.utc
    assert made.price_per_gpu_hour > 0
    assert isinstance(made.operation, models.Operation)
    assert [step.name for step in made.operation.steps][0] == "place"
    assert {step.status for step in made.operation.steps} == {"pending"}
    assert made.terminated_at is None
    offers = client.offers.list(region_id="cn-north", currency="USD").items
    assert all(isinstance(offer.price_per_gpu_hour, Decimal) for offer in offers)
    found = client.audit.list(limit=1).page().items[0]
    assert isinstance(found.at, datetime)


def test_what_is_left_out_is_not_what_is_none(client: Suanxiang) -> None:
    made = client.instances.create(
        name=name_of("py"),
        region_id="cn-north",
        accelerator_id="nvidia-h100-80g",
        labels={"team": "x"},
        expected_duration_s=3600,
    )
    changed = client.instances.update(made.id, labels={"team": "y"})
    assert (changed.labels, changed.expected_duration_s) == ({"team": "y"}, 3600)
    changed = client.instances.update(made.id, expected_duration_s=None)
    assert (changed.labels, changed.expected_duration_s) == ({"team": "y"}, None)
    rehearsed = client.instances.create(
        name=name_of("py"), region_id="cn-north", accelerator_id="nvidia-h100-80g", validate_only=True
    )
    with pytest.raises(problems.NotFound):
        client.instances.get(rehearsed.id)


def test_bytes_and_nothing(client: Suanxiang) -> None:
    assert client.audit.export().count(b"\n") > 2
    hook = client.webhooks.create(url="https://hooks.example.com/x", event_types=["instance.*"])
    deleted: object = client.webhooks.delete(hook.webhook.id)  # type: ignore[func-returns-value]
    assert deleted is None


def test_problems_have_classes_by_their_codes(client: Suanxiang) -> None:
    with pytest.raises(problems.InvalidRequest) as refused:
        client.instances.create(name="No Name", region_id="cn-north", accelerator_id="x")
    assert refused.value.status == 400
    assert "/body/name" in [error.pointer for error in refused.value.errors]
    assert refused.value.request_id.startswith("req_")
    with pytest.raises(problems.Unauthenticated):
        Suanxiang("sx_sk_test_nobody").whoami()


def test_a_change_from_an_old_reading_is_refused(client: Suanxiang) -> None:
    infos: List[ResponseInfo] = []
    made = launch(client)
    client.instances.get(made.id, options=CallOptions(on_response=infos.append))
    options = CallOptions(if_match=infos[0].headers["etag"])
    client.instances.update(made.id, labels={"a": "1"}, options=options)
    with pytest.raises(problems.PreconditionFailed):
        client.instances.update(made.id, labels={"a": "2"}, options=options)


def test_lists_go_over_all_pages(client: Suanxiang) -> None:
    made = {make_project(client, "page").id for _ in range(5)}
    first = client.projects.list(limit=2).page()
    assert len(first.items) == 2 and first.next_cursor is not None
    every = [project.id for project in client.projects.list(limit=2)]
    assert made <= set(every) and len(every) == len(set(every))
    assert [len(page.items) for page in client.projects.list(limit=4).pages()][0] == 4


def test_what_is_retryable_is_sent_again_under_the_same_key_and_happens_once(client: Suanxiang, proxy: Proxy) -> None:
    create = "POST /v1/instances"
    proxy.plan(
        busy(create, 503, "unavailable", {"retry-after": "0"}),
        busy(create, 429, "rate_limited", {"retry-after": "0"}),
        {"on": create, "lose": True},
    )
    made = launch(client, "once")
    keys = [one["headers"].get("idempotency-key") for one in proxy.seen() if one["method"] == "POST"]
    assert len(keys) == 4 and len(set(keys)) == 1 and keys[0]
    assert [one.id for one in client.instances.list(q=made.name)] == [made.id]
    client.instances.terminate(made.id)
    assert proxy.seen()[-1]["headers"]["idempotency-key"] != keys[0]


def test_a_final_answer_is_not_sent_again(client: Suanxiang, proxy: Proxy) -> None:
    proxy.plan(busy("GET /v1/quotas", 409, "capacity_unavailable", {}))
    with pytest.raises(problems.CapacityUnavailable) as refused:
        client.quotas.list()
    assert refused.value.retryable and refused.value.retry_after_s is None
    proxy.plan(busy("GET /v1/quotas", 503, "a_code_of_tomorrow", {"retry-after": "3600"}))
    with pytest.raises(ApiProblem) as tomorrow:
        client.quotas.list()
    assert (tomorrow.value.code, tomorrow.value.retry_after_s) == ("a_code_of_tomorrow", 3600)
    assert len(proxy.seen()) == 2


def test_it_gives_up_after_the_last_attempt(proxy: Proxy) -> None:
    proxy.plan({"on": "GET /v1/quotas", "lose": True})
    with Suanxiang(max_retries=0) as client, pytest.raises(NoAnswer):
        client.quotas.list()


def test_an_operation_is_followed_to_its_end(client: Suanxiang) -> None:
    # The test that started this one ends the operations of instances with this name, as the worker would.
    made = launch(client, "finish")
    looks: List[str] = []
    done = client.wait_for(made, on_progress=lambda operation: looks.append(operation.status))
    assert done.status == "succeeded" and len(looks) > 0
    assert made.operation and client.wait_for(made.operation.id).id == made.operation.id


def test_an_operation_that_does_not_end_well(client: Suanxiang) -> None:
    made = launch(client)
    with pytest.raises(WaitTimedOut):
        client.wait_for(made, timeout_s=0.1)
    client.instances.terminate(made.id)
    with pytest.raises(OperationFailed) as failed:
        client.wait_for(made)
    assert failed.value.operation.status == "superseded"


def test_events_go_on_after_a_break_without_loss_or_doubles(client: Suanxiang, proxy: Proxy) -> None:
    # The first connection breaks before any event, the second after the first one.
    proxy.plan({"on": "GET /v1/events/stream", "cutAfter": "hello"})
    heard: List[models.Event] = []

    def listen() -> None:
        with Suanxiang() as own:
            for event in own.events.stream(type="project.*"):
                heard.append(event)
                if len(heard) == 3:
                    return

    make_project(client, "before")
    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    until(lambda: proxy.streams() > 0)
    proxy.plan({"on": "GET /v1/events/stream", "cutAfter": "project.created"})
    made = [make_project(client, "told").id]
    until(lambda: len(heard) == 1)
    made += [make_project(client, "told").id for _ in range(2)]
    thread.join(timeout=60)
    assert [event.resource for event in heard] == made
    assert all(event.type == "project.created" and event.at.tzinfo for event in heard)
