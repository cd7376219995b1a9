import { describe, expect, it } from 'vitest';
import { createBell } from '../src/bell';
import { liveArea } from '../src/render/live-area';
import { type Answer, runCli } from './harness';

const project = (id: string, name: string) => ({ id, slug: id, name, created_at: null });
const list = (...items: object[]): Answer => ({ status: 200, json: { items, next_cursor: null } });
const refused: Answer = { status: 403, json: { title: 'T', status: 403, code: 'permission_denied', detail: 'D.' } };
const lines = (text: string) => text.trim().split('\n');

describe('--watch', () => {
  it('with --json prints one line for each item that is new, changed or gone', async () => {
    const result = await runCli('webhooks list --watch --json --every 3', {
      answers: [
        list(project('a', 'one'), project('b', 'two')),
        list(project('a', 'one'), project('b', 'three')),
        list(project('b', 'three'), project('c', 'new')),
        list(project('b', 'three'), project('c', 'new')),
      ],
      beside: { '/v1/events': [refused] },
      interruptAtSleep: 5,
    });
    const told = lines(result.out).map((line) => JSON.parse(line));
    expect(told.map(({ change, item }) => `${change} ${item.id} ${item.name}`)).toEqual([
      'present a one',
      'present b two',
      'changed b three',
      'added c new',
      'removed a one',
    ]);
    expect(told[0].at).toMatch(/^2026-11-25T/);
    expect(result.code).toBe(130);
  });

  it('draws over itself on a terminal, no line longer and no more lines than it has', async () => {
    const many = Array.from({ length: 30 }, (_, index) => project(`proj_${index}`, '很长的中文项目名称'.repeat(5)));
    const seen = await runCli('projects list --watch', {
      answers: [list(...many), list(project('z', 'last')), list(project('z', 'last'))],
      beside: { '/v1/events': [refused] },
      columns: 40,
      rows: 10,
      interruptAtSleep: 2,
    });
    const [, first, second] = seen.out.split('\r\u001b[J');
    expect(first!.split('\n').slice(0, -1)).toHaveLength(9);
    expect(first).toContain('… 2');
    expect(first!.endsWith('\u001b[9A')).toBe(true);
    expect(second).toContain('last');
  });

  it('prints the whole again into a file, and only when it changed', async () => {
    const one = list(project('a', 'one'));
    const result = await runCli('whoami --watch', {
      columns: null,
      answers: [one, one, list(project('a', 'two'))],
      interruptAtSleep: 3,
    });
    expect(result.out.match(/^2026-11-25 /gm)).toHaveLength(2);
    expect(result.out).not.toContain('\u001b');
    expect(result.slept).toEqual([5000, 5000, 5000]);
  });

  it('wants a sensible --every', async () => {
    const result = await runCli('projects list --watch --every 0', {});
    expect([result.code, result.err]).toEqual([2, 'suan: --every wants a whole number from 1 to 3600, not "0".\n']);
  });
});

describe('a live area', () => {
  it('takes back exactly the lines that it drew', () => {
    let screen = '';
    const area = liveArea(
      (text) => {
        screen += text;
      },
      () => ({ columns: 10, rows: 4 }),
    );
    area.draw('a\nb');
    area.draw('123456789012\nc\nd\ne\n');
    area.draw('x');
    expect(screen).toBe('\r\u001b[Ja\nb\n\u001b[2A\r\u001b[J123456789…\nc\n… 2\n\u001b[3A\r\u001b[Jx\n');
    area.end();
    area.draw('y');
    expect(screen.endsWith('\r\u001b[Jx\n\r\u001b[Jy\n')).toBe(true);
  });
});

describe('a bell', () => {
  it('keeps a ring until somebody waits, and wakes who waits', async () => {
    const bell = createBell({ sleep: () => new Promise(() => {}) });
    bell.ring();
    bell.ring();
    expect(await bell.wait(1_000)).toBe(true);
    const waiting = bell.wait(1_000);
    bell.ring();
    expect(await waiting).toBe(true);
    const quiet = createBell({ sleep: async () => {} });
    expect(await quiet.wait(1_000)).toBe(false);
  });
});
