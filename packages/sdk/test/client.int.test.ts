import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createClient, type Suanxiang } from '../src/client';
import { ApiProblem, isProblem, NoAnswer, OperationFailed, WaitTimedOut } from '../src/errors';
import type { ResponseInfo } from '../src/types';
import { openRealApi, type RealApi } from './real-api';

let real: RealApi;
let client: Suanxiang;
const retries: string[] = [];
beforeAll(async () => {
  real = await openRealApi();
  const { proxy, apiKey } = real;
  client = createClient({ baseUrl: proxy.url, apiKey, onRetry: (reason) => retries.push(reason) });
});
afterAll(async () => {
  await real?.close();
});
beforeEach(() => {
  retries.length = 0;
  real.proxy.seen.length = 0;
});

const launch = (name = `w-${randomUUID().slice(0, 8)}`) =>
  client.instances.create({ name, region_id: 'cn-north', accelerator_id: 'nvidia-h100-80g' });
const busy = (status: number, code: string, retryable: boolean, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: { title: 'Not now', detail: 'A test says so.', code, status, retryable, request_id: 'req_1' },
});
const keysOf = (path: string) =>
  real.proxy.seen.filter((one) => one.path === path).map(({ headers }) => headers['idempotency-key']);

describe('calls', () => {
  test('everything that is sent reaches its place: path, query, body, headers', async () => {
    const infos: ResponseInfo[] = [];
    const project = await client.projects.create(
      { name: 'Sdk', slug: 'sdk' },
      { onResponse: (info) => infos.push(info) },
    );
    expect(infos[0]?.headers.get('x-request-id')).toMatch(/^req_/);
    expect(await client.projects.get(project.id)).toEqual(project);
    const made = await client.instances.create({
      name: 'placed',
      project_id: project.id,
      region_id: 'cn-north',
      accelerator_id: 'nvidia-h100-80g',
      gpus: 2,
      labels: { team: 'x' },
    });
    expect(made).toMatchObject({ gpus: 2, labels: { team: 'x' }, state: 'queued', currency: 'USD' });
    const only = await client.instances.list({ project_id: project.id });
    expect(only.items.map(({ id }) => id)).toEqual([made.id]);
    expect(
      await client.sshKeys.create({ name: 'k', public_key: 'ssh-ed25519 nonsense' }).catch((e) => e),
    ).toMatchObject({
      code: 'unprocessable',
      status: 422,
    });
    const ndjson = new TextDecoder().decode(await client.audit.export({}));
    expect(ndjson.trim().split('\n').length).toBeGreaterThan(3);
    expect(real.proxy.seen.every(({ headers }) => headers['api-version'] === '2026-11-01')).toBe(true);
  });

  test('a change from an old reading is refused, and the problem says so by its code', async () => {
    let etag = '';
    const { id } = await launch();
    await client.instances.get(id, { onResponse: ({ headers }) => (etag = headers.get('etag') ?? '') });
    await client.instances.update(id, { labels: { a: '1' } }, { ifMatch: etag });
    const failure = await client.instances.update(id, { labels: {} }, { ifMatch: etag }).catch((error) => error);
    expect(failure).toBeInstanceOf(ApiProblem);
    expect(isProblem(failure, 'precondition_failed')).toBe(true);
    expect(isProblem(failure, 'not_found')).toBe(false);
  });

  test('a list is its first page when awaited, and all items of all pages when iterated', async () => {
    for (const name of ['l1', 'l2', 'l3', 'l4', 'l5']) await real.addSshKey(name);
    const first = await client.sshKeys.list({ limit: 2 });
    expect(first.items).toHaveLength(2);
    expect(first.next_cursor).not.toBeNull();
    const names: string[] = [];
    for await (const { name } of client.sshKeys.list({ limit: 2 })) names.push(name);
    expect(names.filter((name) => /^l\d$/.test(name)).sort()).toEqual(['l1', 'l2', 'l3', 'l4', 'l5']);
    const sizes: number[] = [];
    for await (const { items } of client.sshKeys.list({ limit: 4 }).pages()) sizes.push(items.length);
    expect(sizes).toEqual([4, names.length - 4]);
  });
});

describe('retries', () => {
  test('what says that it is retryable is sent again under the same key and happens once', async () => {
    real.proxy.plan(
      { on: 'POST /v1/instances', answer: busy(503, 'unavailable', true, { 'retry-after': '0' }) },
      { on: 'POST /v1/instances', answer: busy(429, 'rate_limited', true, { 'retry-after': '0' }) },
      { on: 'POST /v1/instances', lose: true },
    );
    const made = await launch('once');
    expect(retries.slice(0, 2)).toEqual(['HTTP 503', 'HTTP 429']);
    expect(retries).toHaveLength(3);
    const keys = keysOf('/v1/instances');
    expect(keys).toHaveLength(4);
    expect(new Set(keys).size).toBe(1);
    const { items } = await client.instances.list({ q: 'once' });
    expect(items.map(({ id }) => id)).toEqual([made.id]);
  });

  test('two calls have two keys, also where none is demanded', async () => {
    const { id } = await launch();
    real.proxy.seen.length = 0;
    await client.instances.stop(id).catch(() => {});
    await client.instances.terminate(id);
    const keys = real.proxy.seen.map(({ headers }) => headers['idempotency-key']);
    expect(keys.filter(Boolean)).toHaveLength(2);
    expect(new Set(keys).size).toBe(2);
  });

  test('a final answer is not sent again, nor one that names no time and is not the server’s own', async () => {
    real.proxy.plan({ on: 'GET /v1/quotas', answer: busy(409, 'capacity_unavailable', true) });
    const full = await client.quotas.list().catch((error) => error);
    expect([full.code, full.retryAfterS]).toEqual(['capacity_unavailable', null]);
    expect(isProblem(await client.instances.get('inst_01kz8x5v2hfq9t3m7c4n6b8wde').catch((e) => e), 'not_found')).toBe(
      true,
    );
    expect(retries).toEqual([]);
  });

  test('it gives up after the last attempt, and at once when the caller does', async () => {
    const few = createClient({ baseUrl: real.proxy.url, apiKey: real.apiKey, maxRetries: 0 });
    real.proxy.plan({ on: 'GET /v1/quotas', lose: true });
    expect(await few.quotas.list().catch((error) => error)).toBeInstanceOf(NoAnswer);
    const gone = AbortSignal.abort(new Error('changed my mind'));
    await expect(client.quotas.list({ signal: gone })).rejects.toThrow('changed my mind');
  });
});

describe('operations', () => {
  test('an operation is followed to its end', async () => {
    const { id, operation } = await launch();
    await expect(client.waitFor(operation!, { timeoutMs: 50 })).rejects.toBeInstanceOf(WaitTimedOut);
    const done = await client.waitFor(operation!.id, {
      // Seen once under way: then it ends, as the worker would end it.
      onProgress: () =>
        void real.api.plane
          .sql`UPDATE operation SET status = 'succeeded', finished_at = now() WHERE workload_id = ${id}`,
    });
    expect(done).toMatchObject({ id: operation!.id, status: 'succeeded' });
  });

  test('one whose place another took has failed', async () => {
    const made = await launch();
    await client.instances.terminate(made.id);
    const failure = await client.waitFor(made).catch((error) => error);
    expect(failure).toBeInstanceOf(OperationFailed);
    expect(failure.operation.status).toBe('superseded');
  });
});

describe('events', () => {
  test('a stream that breaks goes on after the event last seen, without loss or doubles', async () => {
    const before = new Date().toISOString();
    const tell = (name: string) => real.addSshKey(`${name}-${randomUUID().slice(0, 8)}`);
    const heard: unknown[] = [];
    await tell('before');
    // What another's open transaction still hides would come through the stream, as it should: it has to be seen first.
    await expect
      .poll(async () => (await client.events.list({ type: 'ssh_key.*', limit: 1 })).items[0]?.at ?? '', {
        timeout: 30_000,
      })
      .toSatisfy((at: string) => at >= before);
    // The first connection breaks before any event, the second after the first one.
    real.proxy.plan(
      { on: 'GET /v1/events/stream', cutAfter: 'hello' },
      { on: 'GET /v1/events/stream', cutAfter: 'ssh_key.created' },
    );
    const stream = client.events.stream({ type: 'ssh_key.*' })[Symbol.asyncIterator]();
    const first = stream.next();
    await expect
      .poll(() => real.proxy.seen.filter(({ path }) => path.includes('/stream')).length, { timeout: 30_000 })
      .toBeGreaterThanOrEqual(1);
    await tell('one');
    heard.push((await first).value);
    await tell('two');
    await tell('three');
    for (let count = 0; count < 2; count += 1) heard.push((await stream.next()).value);
    await stream.return?.(undefined);
    const listed = await client.events.list({ type: 'ssh_key.*', limit: 3 });
    expect(heard).toEqual(listed.items.reverse());
    const opened = real.proxy.seen.filter(({ path }) => path.includes('/stream'));
    expect(opened.length).toBeGreaterThanOrEqual(3);
    expect(opened.every(({ headers }) => typeof headers['last-event-id'] === 'string')).toBe(true);
  });

  test('who may not listen is told, and an abort ends the wait', async () => {
    const stranger = createClient({ baseUrl: real.proxy.url, apiKey: 'sx_sk_test_nobody' });
    const refused = stranger.events.stream()[Symbol.asyncIterator]().next();
    expect(isProblem(await refused.catch((error) => error), 'unauthenticated')).toBe(true);
    const enough = new AbortController();
    const quiet = client.events.stream({ type: 'test.*' }, { signal: enough.signal })[Symbol.asyncIterator]().next();
    enough.abort(new Error('enough'));
    await expect(quiet).rejects.toThrow('enough');
  });
});
