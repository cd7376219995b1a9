import { describe, expect, it } from 'vitest';
import { type Answer, runCli } from './harness';

const event = (number: number, type = 'instance.running') => ({
  id: `evt_${number}`,
  type,
  at: '2026-11-24T10:00:00.000Z',
  project_id: null,
  resource: `inst_${number}`,
  data: { name: 'trainer', state: 'running' },
});
const sse = (...events: { id: string; type: string }[]): Answer => ({
  status: 200,
  bytes: new TextEncoder().encode(
    `retry: 2000\n: hello\n\n${events.map((one) => `id: ${one.id}\nevent: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`).join('')}`,
  ),
});
const newest = (id: string | null): Answer => ({
  status: 200,
  json: { items: id ? [{ ...event(0), id }] : [], next_cursor: null },
});
const problem = (status: number, code: string, retryable = false): Answer => ({
  status,
  json: { title: 'T', status, code, detail: 'D.', retryable, request_id: 'r' },
});
const lastSeen = (result: Awaited<ReturnType<typeof runCli>>) =>
  result.seen.filter((one) => one.path.startsWith('/v1/events/stream')).map((one) => one.headers['last-event-id']);

describe('suan events --follow', () => {
  it('begins after the newest event and goes on where a dropped connection ended', async () => {
    const result = await runCli('events --follow --json', {
      answers: [newest('evt_0'), sse(event(1), event(2)), new TypeError('fetch failed'), sse(event(3))],
      interruptAtSleep: 3,
    });
    expect(lastSeen(result)).toEqual(['evt_0', 'evt_2', 'evt_2']);
    expect(
      result.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual(['evt_1', 'evt_2', 'evt_3']);
    expect(result.err).toBe('fetch failed; the stream goes on in 1 s where it was\n');
    expect(result.seen[1]!.headers.accept).toBe('text/event-stream');
    expect(result.code).toBe(130);
  });

  it('begins where it is told, asks for a type, and shows one resource', async () => {
    const result = await runCli("events -f --after evt_7 --type 'instance.*' --resource inst_2 --json", {
      answers: [sse(event(1), event(2))],
      interruptAtSleep: 1,
    });
    expect(result.seen[0]!.path).toBe('/v1/events/stream?type=instance.*');
    expect(lastSeen(result)).toEqual(['evt_7']);
    expect(result.out.trim().split('\n')).toHaveLength(1);
  });

  it('waits longer after each failure, and says when events are lost', async () => {
    const down = new TypeError('fetch failed');
    const result = await runCli('events -f --after evt_1', {
      answers: [sse(event(2)), down, problem(503, 'unavailable', true), problem(400, 'invalid_cursor'), sse(event(9))],
      interruptAtSleep: 5,
    });
    expect(lastSeen(result)).toEqual(['evt_1', 'evt_2', 'evt_2', 'evt_2', undefined]);
    expect(result.slept).toEqual([1000, 1000, 2000, 4000, 1000]);
    expect(result.err).toContain('Events older than 30 days are gone');
  });

  it('ends when it may not listen, and when it never reached the API', async () => {
    const refused = await runCli('events -f', { answers: [newest(null), problem(403, 'permission_denied')] });
    expect(refused.code).toBe(5);
    const down = new TypeError('fetch failed');
    const dead = await runCli('events -f --after evt_1', { answers: [down, down, down, down] });
    expect([dead.code, dead.seen.length]).toEqual([3, 4]);
  });

  it('shows one line for each event, cut to the terminal', async () => {
    const result = await runCli('events -f --after evt_1', {
      answers: [sse(event(2))],
      interruptAtSleep: 1,
      columns: 80,
    });
    expect(result.out).toBe('2026-11-24 10:00:00Z  instance.running              inst_2                     …\n');
  });
});
