import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSimulatedMachines, type SimulatedMachines } from '../../api/test/support/simulated-machines';
import { addKey } from '../../api/test/support/tenant';
import type { Io, TerminalCells } from '../src/io';
import { run } from '../src/run';
import { testEnv } from './harness';

const folder = mkdtempSync(path.join(tmpdir(), 'suan-test-'));
let machines: SimulatedMachines;
let key: string;
let id: string;
beforeAll(async () => {
  machines = await openSimulatedMachines();
  key = await addKey(machines.api, machines.tenant, ['compute:write']);
  ({ id } = await machines.running());
}, 120_000);
afterAll(async () => {
  await machines?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Person {
  input?: AsyncIterable<Uint8Array>;
  /** Size of a terminal that somebody sits at. */
  terminal?: TerminalCells;
  onResize?: (resize: (size: TerminalCells) => void) => void;
  onOut?: (all: string) => void;
}

async function* lines(...texts: string[]) {
  for (const text of texts) yield new TextEncoder().encode(text);
}

/** The command over real connections, as a person or a script has it. */
async function suan(words: string[], person: Person = {}) {
  const said = { out: '', err: '', released: 0 };
  const http = machines.address.replace('ws', 'http');
  const send: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    const answer = await fetch(`${http}${url.pathname}${url.search}`, init);
    if (!url.pathname.endsWith('/terminal')) return answer;
    // The address that tickets tell is the public one, which a test does not have.
    const text = (await answer.text()).replace(/"ws:[^"]*"/, `"${machines.address}/v1/terminal"`);
    return new Response(text, { status: answer.status, headers: answer.headers });
  };
  const io: Partial<Io> = {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    write: async (to, bytes) => {
      said[to] += new TextDecoder().decode(bytes);
      if (to === 'out') person.onOut?.(said.out);
    },
    interactive: false,
    columns: null,
    rows: null,
    errColumns: null,
    interrupted: new AbortController().signal,
    input: () => person.input ?? lines(),
    rawTerminal: (resize) => {
      if (!person.terminal) return null;
      person.onResize?.(resize);
      return {
        size: person.terminal,
        release: () => {
          said.released += 1;
        },
      };
    },
    nowMs: () => Date.now(),
    sleep: async () => {},
    elapsedMs: () => 0,
  };
  const env = { ...testEnv(path.join(folder, 'config.json')), apiKey: key };
  const code = await run(words, env, io as Io, send);
  return { code, ...said };
}

describe('suan exec', () => {
  test('hands on input, output, errors and the exit code', async () => {
    expect(await suan(['exec', id, '--', 'cat'], { input: lines('one\n', '二\n') })).toMatchObject({
      code: 0,
      out: 'one\n二\n',
      err: '',
    });
    const large = 'x'.repeat(3_000_000);
    expect((await suan(['exec', id, '--', 'cat'], { input: lines(large) })).out.length).toBe(large.length);
    expect((await suan(['exec', id, '--', 'false'])).code).toBe(1);
    const none = await suan(['exec', id, '--', 'no-such-program']);
    expect([none.code, none.out]).toEqual([127, '']);
    expect(none.err).toContain('no-such-program');
  });

  test('refuses what is not there, what does not run, and a node that is none', async () => {
    expect((await suan(['exec', 'ghost', '--', 'true'])).code).toBe(6);
    expect((await suan(['exec', id, '--node', 'x', '--', 'true'])).code).toBe(2);
    expect((await suan(['exec', id, '--node', '3', '--', 'true'])).code).toBe(2);
    const stopped = await machines.running();
    await machines.admin.query(`UPDATE workload SET state = 'stopped' WHERE id = $1`, [stopped.id]);
    expect(await suan(['exec', stopped.id, '--', 'true'])).toMatchObject({ code: 7, out: '' });
    const reader = key;
    key = await addKey(machines.api, machines.tenant, ['compute:read']);
    expect((await suan(['exec', id, '--', 'true'])).code).toBe(5);
    key = reader;
  });
});

describe('suan terminal', () => {
  test('is a shell of the size of the terminal, which follows it, and ends with its exit code', async () => {
    let resize: (size: TerminalCells) => void = () => {};
    let type: (text: string) => void = () => {};
    async function* typing() {
      for (;;) {
        const text = await new Promise<string>((resolve) => {
          type = resolve;
        });
        yield new TextEncoder().encode(text);
      }
    }
    const steps: [RegExp, () => void][] = [
      [/[#$] $/, () => type('stty size\r')],
      [
        /30 100\r\n/,
        () => {
          resize({ columns: 77, rows: 11 });
          type('stty size\r');
        },
      ],
      [/11 77\r\n/, () => type('exit 4\r')],
    ];
    const result = await suan(['terminal', id], {
      terminal: { columns: 100, rows: 30 },
      input: typing(),
      onResize: (how) => {
        resize = how;
      },
      onOut: (all) => {
        if (!steps[0]?.[0].test(all)) return;
        const [[, act]] = steps.splice(0, 1) as [[RegExp, () => void]];
        setImmediate(act);
      },
    });
    expect([result.code, steps.length, result.released], result.out).toEqual([4, 0, 1]);
  }, 60_000);

  test('needs a terminal, and gives it back when the session is refused', async () => {
    expect(await suan(['terminal', id])).toMatchObject({ code: 2, out: '' });
    const refused = await suan(['terminal', 'ghost'], { terminal: { columns: 80, rows: 24 } });
    expect([refused.code, refused.released]).toEqual([6, 1]);
  });
});

describe('suan logs', () => {
  test('reads to the end and follows to the end of the run', async () => {
    const { id: other, allocationId } = await machines.running();
    const count = async () => (await suan(['logs', other])).out.split('\n').length - 1;
    await expect.poll(count, { timeout: 60_000 }).toBeGreaterThanOrEqual(3);
    const following = suan(['logs', other, '--follow', '--json']);
    await machines.driver.stop({ operationKey: `${other}-stop`, epoch: 9 }, allocationId);
    const followed = await following;
    const read = await suan(['logs', other, '--json']);
    expect([followed.code, read.code]).toEqual([0, 0]);
    const { lines: all } = JSON.parse(read.out) as { lines: { text: string }[] };
    expect(
      followed.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toEqual(all);
    expect((await suan(['logs', other, '--tail', '1'])).out).toContain(all.at(-1)!.text);
    expect((await suan(['logs', other, '--since', '1d'])).out.trim().split('\n')).toHaveLength(all.length);
  }, 120_000);
});
