import { describe, expect, it } from 'vitest';
import { followLog, type LogPosition } from '../src/features/workload/log-follow';
import { cutAtFinds, KEPT_LINES, keepLines, searchLines, textOfLines } from '../src/features/workload/log-lines';

const line = (text: string) => ({ at: '2026-11-24T10:00:00.000Z', text });
const told = (id: string, ...texts: string[]) =>
  `id: ${id}\nevent: lines\ndata: ${JSON.stringify({ lines: texts.map(line) })}\n\n`;
const end = 'event: end\ndata: {"lines":[],"reason":"log_ended"}\n\n';

/** Follows over connections that say what is given, each one after the other; an Error is a refusal. */
async function follow(answers: (string | Error)[], state: LogPosition = { cursor: null, ended: false }) {
  const seen: (string | null)[] = [];
  const lines: string[] = [];
  const status: string[] = [];
  const stop = new AbortController();
  await followLog(
    {
      open: async (last) => {
        seen.push(last);
        const answer = answers.shift();
        if (answer instanceof Error) throw answer;
        return new Blob([answer ?? end]).stream();
      },
      onLines: (more) => lines.push(...more.map(({ text }) => text)),
      onStatus: (one) => status.push(one),
      isFinal: (error) => String(error).includes('final'),
      pauseMs: () => 0,
    },
    stop.signal,
    state,
  );
  return { seen, lines, status };
}

describe('a log that is followed', () => {
  it('goes on after the last line seen when a connection breaks or is refused for a moment', async () => {
    const cut = `${told('a.2', 'one', 'two')}id: a.3\ndata: {"li`;
    const { seen, lines, status } = await follow([cut, new Error('503'), told('a.3', 'three') + end]);
    expect(lines).toEqual(['one', 'two', 'three']);
    expect(seen).toEqual([null, 'a.2', 'a.2']);
    expect(status).toEqual(['live', 'waiting', 'live', 'ended']);
  });

  it('ends with what is final, and is not opened again once it has ended', async () => {
    await expect(follow([new Error('final')])).rejects.toThrow('final');
    const state = { cursor: null, ended: false };
    await follow([told('a.1', 'one') + end], state);
    expect(await follow([told('a.1', 'one')], state)).toEqual({ seen: [], lines: [], status: ['ended'] });
  });
});

describe('lines of a log', () => {
  it('are kept up to a number, and keep what they are known by', () => {
    const many = keepLines(
      [],
      Array.from({ length: KEPT_LINES }, (_, index) => line(String(index))),
    );
    const more = keepLines(many, [line('last')]);
    expect([more.length, more[0]!.number, more.at(-1)]).toEqual([
      KEPT_LINES,
      1,
      { ...line('last'), number: KEPT_LINES },
    ]);
  });

  it('are searched without regard to case and without patterns', () => {
    const lines = keepLines([], [line('Loss 1.4 (step)'), line('nothing'), line('损失 loss')]);
    expect(searchLines(lines, 'LOSS').map(({ number }) => number)).toEqual([0, 2]);
    expect(searchLines(lines, '(step)')).toHaveLength(1);
    expect(searchLines(lines, '.*')).toHaveLength(0);
    expect(cutAtFinds('a loss, a Loss', 'loss')).toEqual(['a ', 'loss', ', a ', 'Loss', '']);
  });

  it('are a file with their times', () => {
    expect(textOfLines([line('one')])).toBe('2026-11-24T10:00:00.000Z one\n');
  });
});
