from __future__ import annotations

import anyio
import pytest
from conftest import Proxy, busy, name_of

from suanxiang import AsyncSuanxiang, OperationFailed, models, problems

pytestmark = pytest.mark.anyio


async def launch(client: AsyncSuanxiang, prefix: str) -> models.Instance:
    return await client.instances.create(
        name=name_of(prefix), region_id="cn-north", accelerator_id="nvidia-h100-80g", gpus=1
    )


async def test_calls_pages_and_problems() -> None:
    async with AsyncSuanxiang() as client:
        made = [name_of("apage") for _ in range(3)]
        for name in made:
            await client.projects.create(name=name, slug=name)
        names = [project.name async for project in client.projects.list(limit=2)]
        assert sorted(name for name in names if name in made) == sorted(made)
        assert len((await client.projects.list(limit=2).page()).items) == 2
        with pytest.raises(problems.NotFound):
            await client.instances.get("inst_01kz8x5v2hfq9t3m7c4n6b8wde")


async def test_a_lost_answer_is_asked_for_again(proxy: Proxy) -> None:
    create = "POST /v1/instances"
    proxy.plan(busy(create, 503, "unavailable", {"retry-after": "0"}), {"on": create, "lose": True})
    async with AsyncSuanxiang() as client:
        made = await launch(client, "aonce")
        assert [one.id async for one in client.instances.list(q=made.name)] == [made.id]
    keys = [one["headers"]["idempotency-key"] for one in proxy.seen() if one["method"] == "POST"]
    assert len(keys) == 3 and len(set(keys)) == 1


async def test_operations() -> None:
    async with AsyncSuanxiang() as client:
        made = await launch(client, "finish")
        assert (await client.wait_for(made)).status == "succeeded"
        other = await launch(client, "py")
        await client.instances.terminate(other.id)
        with pytest.raises(OperationFailed):
            await client.wait_for(other)


async def test_events_go_on_after_a_break(proxy: Proxy) -> None:
    proxy.plan({"on": "GET /v1/events/stream", "cutAfter": "hello"})
    async with AsyncSuanxiang() as client:
        heard = []

        async def listen() -> None:
            async for event in client.events.stream(type="project.*"):
                heard.append(event.resource)
                if len(heard) == 2:
                    return

        with anyio.fail_after(90):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(listen)
                while not await anyio.to_thread.run_sync(proxy.streams):
                    await anyio.sleep(0.02)
                made = []
                for _ in range(2):
                    name = name_of("atold")
                    made.append((await client.projects.create(name=name, slug=name)).id)
        assert heard == made
