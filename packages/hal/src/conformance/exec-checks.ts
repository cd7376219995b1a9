import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { ExecRequest, ExecSession } from '../driver';
import type { Check } from './lifecycle-checks';
import { refuses, type Workbench } from './workbench';

const SHELL: ExecRequest = { command: null, terminal: { columns: 80, rows: 24 } };
const program = (...command: string[]): ExecRequest => ({ command, terminal: null });

/** Everything a program writes until it ends, and its status. */
async function finished(session: ExecSession): Promise<{ stdout: Buffer; stderr: string; code: number }> {
  const parts: Record<'stdout' | 'stderr', Uint8Array[]> = { stdout: [], stderr: [] };
  for await (const { stream, bytes } of session.output) parts[stream].push(Uint8Array.from(bytes));
  const code = await session.exit;
  return { stdout: Buffer.concat(parts.stdout), stderr: Buffer.concat(parts.stderr).toString(), code };
}

/** Reads what a shell writes, as far as it is asked to. */
class Reader {
  readonly #output: AsyncIterator<{ bytes: Uint8Array }>;
  text = '';

  constructor(session: ExecSession) {
    this.#output = session.output[Symbol.asyncIterator]();
  }

  /** Waits for a pattern in what was not matched before. Throws with the text when the program ends first. */
  async until(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.text);
      if (found) {
        this.text = this.text.slice(found.index + found[0].length);
        return found[0];
      }
      const { done, value } = await this.#output.next();
      assert.ok(!done, `the program ended before ${pattern} in ${JSON.stringify(this.text)}`);
      this.text += Buffer.from(value.bytes).toString('utf8');
    }
  }

  async rest(): Promise<void> {
    while (!(await this.#output.next()).done);
  }
}

const type = (session: ExecSession, text: string) => session.write(Buffer.from(text));

async function canExec(bench: Workbench): Promise<boolean> {
  return (await bench.driver.capabilities()).exec;
}

async function canLog(bench: Workbench): Promise<boolean> {
  return (await bench.driver.capabilities()).logs;
}

export const execChecks: readonly Check[] = [
  {
    name: 'a program’s output, errors and status come back, each by itself',
    async run(bench) {
      if (!(await canExec(bench))) return;
      const { spec } = await bench.running();
      const said = await finished(await bench.driver.exec(spec.allocationId, program('echo', 'one', 'two  three')));
      assert.deepEqual([said.stdout.toString(), said.stderr, said.code], ['one two  three\n', '', 0]);
      assert.equal((await finished(await bench.driver.exec(spec.allocationId, program('false')))).code, 1);
      const unknown = await finished(await bench.driver.exec(spec.allocationId, program('no-such-program')));
      assert.equal(unknown.code, 127);
      assert.ok(unknown.stderr.includes('no-such-program'), unknown.stderr);
      assert.equal(unknown.stdout.length, 0);
    },
  },
  {
    name: 'input reaches the program byte by byte, and its end, too',
    async run(bench) {
      if (!(await canExec(bench))) return;
      const { spec } = await bench.running();
      const session = await bench.driver.exec(spec.allocationId, program('cat'));
      const sent = Buffer.alloc(
        300_000,
        Uint8Array.from({ length: 251 }, (_, index) => index),
      );
      const reading = finished(session);
      await session.write(sent);
      await session.endInput();
      const { stdout, code } = await reading;
      assert.equal(code, 0);
      assert.ok(stdout.equals(sent), `${stdout.length} bytes came back of ${sent.length}`);
    },
  },
  {
    name: 'a reader who waits holds the program back, and a hang-up ends it',
    async run(bench) {
      if (!(await canExec(bench))) return;
      const { spec } = await bench.running();
      const session = await bench.driver.exec(spec.allocationId, program('yes'));
      const output = session.output[Symbol.asyncIterator]();
      for (let bytes = 0; bytes < 200_000; ) bytes += (await output.next()).value!.bytes.length;
      session.close();
      await session.exit.catch(() => {});
      // It goes on being usable.
      assert.equal((await finished(await bench.driver.exec(spec.allocationId, program('true')))).code, 0);
    },
  },
  {
    name: 'a terminal echoes, knows its size and changes it, and tells the shell’s status',
    async run(bench) {
      if (!(await canExec(bench))) return;
      const { spec } = await bench.running();
      const session = await bench.driver.exec(spec.allocationId, SHELL);
      const reader = new Reader(session);
      await type(session, 'echo "a"b\r');
      await reader.until(/\bab\r\n/);
      await type(session, 'stty size\r');
      await reader.until(/24 80\r\n/);
      await session.resize({ columns: 132, rows: 43 });
      await type(session, 'stty size\r');
      await reader.until(/43 132\r\n/);
      await type(session, 'exit 3\r');
      await reader.rest();
      assert.equal(await session.exit, 3);
    },
  },
  {
    name: 'Ctrl-C ends what runs in a terminal, and not the shell',
    async run(bench) {
      if (!(await canExec(bench))) return;
      const { spec } = await bench.running();
      const session = await bench.driver.exec(spec.allocationId, SHELL);
      const reader = new Reader(session);
      await type(session, 'echo sle""ep; sleep 1000\r'.replace('; ', '\r'));
      await reader.until(/\bsleep\r\n/);
      let seen = false;
      const here = reader.until(/stillhere\r\n/).finally(() => (seen = true));
      // As a person would: a key pressed while the shell is still starting the program is the shell's, so once more.
      while (!seen) {
        await type(session, '\u0003');
        await type(session, 'echo still""here\r');
        await Promise.race([here, setTimeout(2_000)]);
      }
      await here;
      session.close();
    },
  },
  {
    name: 'programs start only where a workload runs, and end with it',
    async run(bench) {
      if (!(await canExec(bench))) return;
      await refuses('invalid', bench.driver.exec(`alloc_${randomUUID().replaceAll('-', '')}`, program('true')));
      const waiting = await bench.prepared();
      await refuses('conflict', bench.driver.exec(waiting.allocationId, program('true')));
      await bench.driver.terminate(bench.context(), waiting.allocationId);
      const { spec } = await bench.running();
      const session = await bench.driver.exec(spec.allocationId, program('cat'));
      const ended = finished(session).then(
        ({ code }) => assert.notEqual(code, 0),
        () => {},
      );
      await bench.stopped(spec.allocationId);
      await ended;
      await refuses('conflict', bench.driver.exec(spec.allocationId, program('true')));
    },
  },
  {
    name: 'many programs run at once without mixing what they write',
    async run(bench) {
      if (!(await canExec(bench))) return;
      const { spec } = await bench.running();
      const names = Array.from({ length: 6 }, (_, index) => `program-${index}`);
      const said = await Promise.all(
        names.map(async (name) => finished(await bench.driver.exec(spec.allocationId, program('echo', name)))),
      );
      assert.deepEqual(
        said.map(({ stdout }) => stdout.toString().trim()),
        names,
      );
    },
  },
  {
    name: 'logs go on at the cursor and end with the workload',
    async run(bench) {
      if (!(await canLog(bench))) return;
      const { spec } = await bench.running();
      const first = await bench.driver.logs(spec.allocationId, {});
      assert.ok(first.lines.length > 0 && first.nextCursor !== null);
      const again = await bench.driver.logs(spec.allocationId, { cursor: null });
      assert.deepEqual(again.lines.slice(0, first.lines.length), first.lines);
      await bench.stopped(spec.allocationId);
      const seen = [...first.lines];
      for (let cursor: string | null = first.nextCursor; cursor !== null; ) {
        const chunk = await bench.driver.logs(spec.allocationId, { cursor });
        seen.push(...chunk.lines);
        cursor = chunk.nextCursor;
      }
      assert.ok(seen.every((line, index) => index === 0 || line.atMs >= seen[index - 1]!.atMs));
    },
  },
  {
    name: 'logs can be read from their newest lines or from a moment on',
    async run(bench) {
      if (!(await canLog(bench))) return;
      const { spec } = await bench.running();
      await bench.stopped(spec.allocationId);
      const { lines } = await bench.driver.logs(spec.allocationId, {});
      assert.ok(lines.length >= 2);
      const newest = await bench.driver.logs(spec.allocationId, { tail: 1 });
      assert.deepEqual(newest, { lines: lines.slice(-1), nextCursor: null });
      const lastMs = lines.at(-1)!.atMs;
      const late = await bench.driver.logs(spec.allocationId, { sinceMs: lastMs });
      assert.deepEqual(
        late.lines,
        lines.filter(({ atMs }) => atMs >= lastMs),
      );
      assert.deepEqual((await bench.driver.logs(spec.allocationId, { sinceMs: lastMs + 1 })).lines, []);
    },
  },
];
