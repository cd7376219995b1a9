import { describe, expect, it } from 'vitest';
import { queryKeyOf } from '../src/api/query-key';
import { isConcerned, type LiveEvent, TOLD } from '../src/live/concerns';
import { type EventStreamOptions, followEvents } from '../src/live/event-stream';
import { createSseReader, type SseMessage } from '../src/live/sse';

const id = (prefix: string, last = 'a') => `${prefix}_${'0'.repeat(25)}${last}`;

function event(type: string, rest: Partial<LiveEvent> = {}): LiveEvent {
  return { id: id('evt'), type, at: '2026-11-01T00:00:00.000Z', project_id: null, resource: null, data: {}, ...rest };
}

describe('server-sent events', () => {
  const text =
    ': hello\n\nid: evt_1\nevent: a.b\ndata: {"a":\ndata: 1}\n\nretry: 5\n\r\nid: evt_2\r\ndata: 2\r\n\r\n: still here\n\n';
  it.each([1, 2, 7, 1000])('are whole messages, however the text is cut (%i)', (size) => {
    const seen: SseMessage[] = [];
    const read = createSseReader((message) => seen.push(message));
    for (let at = 0; at < text.length; at += size) read(text.slice(at, at + size));
    expect(seen).toEqual([
      { id: 'evt_1', data: '{"a":\n1}' },
      { id: 'evt_2', data: '2' },
    ]);
  });
});

describe('what an event concerns', () => {
  const key = (...[operation, params, query]: [Parameters<typeof queryKeyOf>[1], object?, object?]) =>
    queryKeyOf('org_1', operation, { params, query });
  const running = event('instance.running', { resource: id('inst'), project_id: id('proj') });

  it.each([
    ['its list', key('listInstances'), true],
    ['its list in its project', key('listInstances', {}, { project_id: id('proj') }), true],
    ['the list of another project', key('listInstances', {}, { project_id: id('proj', 'b') }), false],
    ['the instance', key('getInstance', { instance_id: id('inst') }), true],
    ['another instance', key('getInstance', { instance_id: id('inst', 'b') }), false],
    ['the queue', key('listQueue'), true],
    ['clusters', key('listClusters'), false],
    ['the keys', key('listApiKeys'), false],
    ['the audit log', key('listAuditEvents'), false],
    ['the list of events', key('listEvents'), true],
  ])('%s', (_name, parts, expected) => {
    expect(isConcerned(running, parts)).toBe(expected);
  });

  it('reaches the workload that an operation works on, and no other', () => {
    const done = event('operation.succeeded', { resource: id('op'), data: { resource: id('clus') } });
    expect(isConcerned(done, key('getCluster', { cluster_id: id('clus') }))).toBe(true);
    expect(isConcerned(done, key('getCluster', { cluster_id: id('clus', 'b') }))).toBe(false);
    expect(isConcerned(done, key('getOperation', { operation_id: id('op', 'b') }))).toBe(false);
  });

  it('is the audit log for what somebody did', () => {
    const made = event('api_key.created', { resource: id('key'), data: { audit_event_id: id('aud') } });
    expect(isConcerned(made, key('listAuditEvents'))).toBe(true);
    expect(isConcerned(made, key('listApiKeys'))).toBe(true);
  });

  it('never is what changes each second, which pages look at by themselves', () => {
    for (const operation of ['getInstanceMetrics', 'getClusterMetrics', 'getInstanceLogs', 'listOffers']) {
      expect(TOLD.has(operation)).toBe(false);
    }
  });
});

/** A server whose answers are given one after the other; each is the pieces of a stream or a status. */
function server(answers: (string[] | number | 'hangs')[], recent: LiveEvent[] = []) {
  const asked: { path: string; lastId: string | null }[] = [];
  const stop = new AbortController();
  const told: string[] = [];
  const options: EventStreamOptions = {
    get: async (path, headers) => {
      if (path.startsWith('/events?'))
        return Response.json({ items: recent }, { headers: { date: new Date(5e12).toUTCString() } });
      asked.push({ path, lastId: headers['last-event-id'] ?? null });
      const answer = answers.shift();
      if (answer === undefined) {
        stop.abort();
        throw new Error('enough');
      }
      if (typeof answer === 'number') return new Response('', { status: answer });
      if (answer === 'hangs') throw new TypeError('network');
      return new Response(new Blob(answer).stream(), { headers: { 'content-type': 'text/event-stream' } });
    },
    onEvents: (events) => told.push(...events.map(({ type }) => type)),
    onGap: () => told.push('gap'),
    onStatus: (status) => told.push(status),
    bornMs: 0,
    nowMs: () => 0,
    pauseMs: () => 1,
  };
  return { asked, told, run: (lastId: string | null) => followEvents(options, stop.signal, { lastId }) };
}

const message = (one: LiveEvent) => `id: ${one.id}\nevent: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`;

describe('following events', () => {
  it('goes on after the last event it saw when the stream breaks', async () => {
    const [first, second] = [event('a.b', { id: id('evt', '1') }), event('c.d', { id: id('evt', '2') })];
    const { asked, run } = server([[': hello\n\n', message(first)], 'hangs', [': hello\n\n', message(second)]]);
    await run(id('evt', '0'));
    expect(asked.map(({ lastId }) => lastId?.at(-1))).toEqual(['0', '1', '1', '2']);
  });

  it('says that pages must look by themselves while it cannot, and that they need not when it can again', async () => {
    const { told, run } = server([503, 'hangs', [': hello\n\n']]);
    await run(id('evt'));
    expect(told).toEqual(['polling', 'polling', 'live']);
  });

  it('has everything looked at again when the server does not know its last event, and begins anew', async () => {
    const { asked, told, run } = server([400, [': hello\n\n']]);
    await run(id('evt'));
    expect(asked.map(({ lastId }) => lastId)).toEqual([id('evt'), null, null]);
    expect(told).toEqual(['gap', 'live']);
  });

  it('tells what happened between the page and the stream, by the clock of the server', async () => {
    const at = (ms: number) => new Date(5e12 + ms).toISOString();
    const recent = [event('new.one', { at: at(-1_000) }), event('old.one', { at: at(-60_000) })];
    const { told, run } = server([[': hello\n\n']], recent);
    await run(null);
    expect(told).toEqual(['live', 'new.one']);
  });

  it('does not ask again where it may not listen', async () => {
    const { asked, told, run } = server([403, 403, 403]);
    await run(null);
    expect(asked).toHaveLength(1);
    expect(told).toEqual(['polling']);
  });
});
