import { describe, expect, it } from 'vitest';
import { speak } from '../src/messages';
import { bar, type Operation, progressPanel, type Queued } from '../src/render/progress';
import { displayWidth } from '../src/render/width';
import { type Answer, runCli } from './harness';

type Step = Operation['steps'][number];
const step = (name: string, status: Step['status'], phase: string | null = null): Step => ({
  name,
  status,
  phase,
  started_at: status === 'pending' ? null : '2026-11-24T10:00:00.000Z',
  finished_at: status === 'done' ? '2026-11-24T10:00:01.500Z' : null,
});
const operation = (status: Operation['status'], ...steps: Step[]): Operation => ({
  id: 'op_0123456789abcdefghjkmnpqrs',
  kind: 'launch',
  status,
  resource_id: 'inst_0123456789abcdefghjkmnpqrs',
  steps,
  error: null,
  created_at: '2026-11-24T10:00:00.000Z',
  finished_at: null,
});
const queued: Queued = {
  place: 2,
  reason: { en: 'Waits for 8 × h20.', zh: '等待 8 张 H20。' },
  estimate: {
    likely_at: '2026-11-24T10:20:00.000Z',
    from_at: '2026-11-24T10:05:00.000Z',
    to_at: '2026-11-24T11:00:00.000Z',
  },
};
const running = operation(
  'running',
  step('place', 'done'),
  step('prepare', 'skipped'),
  step('boot', 'running', 'pulling_image'),
  step('start_meter', 'pending'),
);

describe('the panel of an operation', () => {
  const panel = (of: Operation, over: object = {}) =>
    progressPanel(of, {
      locale: 'en',
      say: speak('en'),
      color: false,
      elapsedMs: 3_400,
      queued: null,
      columns: 80,
      ...over,
    });

  it('shows each step, what it is doing, and how far all is', () => {
    expect(panel(running)).toBe(
      [
        '✓ place        1.5 s',
        '● boot         pulling image',
        '· start meter',
        '[████████████░░░░░░░░░░░░] 1/3  3 s',
      ].join('\n'),
    );
    expect(panel(running, { locale: 'zh-CN' })).toContain('● 启动      拉取镜像\n· 开始计费');
  });

  it('colours without changing what stands where', () => {
    const coloured = panel(running, { color: true }).split('\n');
    const plain = panel(running).split('\n');
    expect(coloured.join('')).toContain('\u001b[32m✓\u001b[0m');
    expect(coloured.map(displayWidth)).toEqual(plain.map(displayWidth));
  });

  it('tells the place and the expected start in lines that fit', () => {
    const waiting = operation('pending', step('place', 'pending'));
    const text = panel(waiting, { queued, columns: 40 });
    expect(text).toContain('Waiting, place 2: likely to start at');
    expect(text.split('\n').every((line) => displayWidth(line) <= 40)).toBe(true);
    const chinese = panel(waiting, { queued, columns: 40, locale: 'zh-CN', say: speak('zh-CN') });
    expect(chinese.split('\n').every((line) => displayWidth(line) <= 40)).toBe(true);
    expect(chinese.replaceAll('\n', '')).toContain('排队第 2 位');
  });

  it('has a bar between empty and full', () => {
    expect([bar(0, 4), bar(0.5, 4), bar(1, 4), bar(7, 4)]).toEqual(['[░░░░]', '[██░░]', '[████]', '[████]']);
  });
});

describe('following an operation', () => {
  const id = running.resource_id;
  const json = (value: unknown): Answer => ({ status: 200, json: value });
  const queueOf = { status: 200, json: { ...queued, resource_id: id } };
  const waiting = operation('pending', step('place', 'pending'));
  const done = operation('succeeded', step('place', 'done'));
  const create = 'launch --name t --region-id r --accelerator-id h --on-capacity queue';
  const answers = () => [
    { status: 201, json: { id, operation: waiting } },
    ...Array.from({ length: 8 }, () => json(waiting)),
    json(done),
    json({ id, state: 'running' }),
  ];

  it('asks the queue now and then while it waits there, and says the place once', async () => {
    const result = await runCli(`${create} --json`, { answers: answers(), beside: { '/v1/queue/': [queueOf] } });
    expect(result.code).toBe(0);
    expect(result.seen.filter((one) => one.path === `/v1/queue/${id}`)).toHaveLength(1);
    expect(result.err).toBe(
      'Waiting, place 2: likely to start at 2026-11-24 10:20Z (between 2026-11-24 10:05Z and 2026-11-24 11:00Z). Waits for 8 × h20.\n✓ place 1.5 s\n',
    );
    expect(JSON.parse(result.out)).toEqual({ id, state: 'running' });
  });

  it('draws over itself on a terminal', async () => {
    const result = await runCli(create, { answers: answers(), beside: { '/v1/queue/': [queueOf] }, errColumns: 60 });
    expect(result.err.split('\r\u001b[J').length).toBeGreaterThan(9);
    expect(result.err).toContain('✓ place  1.5 s\n[████████████████████████] 1/1');
    for (const line of result.err.split('\n'))
      expect(displayWidth(line.replace(/\p{Cc}\[\d*[AJ]|\r/gu, ''))).toBeLessThanOrEqual(60);
  });

  it('does not wait with --no-wait', async () => {
    const result = await runCli(`${create} --no-wait --json`, { answers: answers() });
    expect(result.seen).toHaveLength(1);
    expect(result.slept).toEqual([]);
  });
});
