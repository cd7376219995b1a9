import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import type { TerminalSize } from '@suanxiang/hal/driver';
import { Pool } from 'undici';
import { z } from 'zod';

/** Podman refused a call, or could not be asked (status 0). */
export class PodmanError extends Error {
  override readonly name = 'PodmanError';
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const inspection = z.object({
  Id: z.string(),
  State: z.object({
    Status: z.string(),
    Running: z.boolean(),
    Pid: z.number(),
    ExitCode: z.number(),
    OOMKilled: z.boolean(),
    FinishedAt: z.string(),
  }),
});

/** What the agent needs to know of a container. */
export interface ContainerState {
  id: string;
  running: boolean;
  /** Configured or created, and never started. */
  fresh: boolean;
  pid: number;
  exitCode: number;
  oomKilled: boolean;
  /** Unix milliseconds; null while it runs. */
  finishedAtMs: number | null;
}

const listed = z.array(z.object({ Names: z.array(z.string()) }));
const named = z.array(z.object({ name: z.string() }));
const refusal = z.object({ message: z.string() });
const execId = z.object({ Id: z.string() });
const execState = z.object({ Running: z.boolean(), ExitCode: z.number(), Pid: z.number() });

/** Client of Podman's REST API (libpod) over its unix socket. */
export class Podman {
  readonly #pool: Pool;
  readonly #socketPath: string;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
    this.#pool = new Pool('http://podman', {
      connect: { socketPath },
      connections: 16,
      headersTimeout: 120_000,
      bodyTimeout: 120_000,
    });
  }

  async #raw(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<{ status: number; bytes: Buffer }> {
    try {
      const answer = await this.#pool.request({
        method,
        path: `/v4.0.0/libpod${path}`,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      return { status: answer.statusCode, bytes: Buffer.from(await answer.body.arrayBuffer()) };
    } catch (error) {
      throw new PodmanError(0, `Podman cannot be asked: ${error instanceof Error ? error.message : error}`);
    }
  }

  /** Calls and expects one of `accepted` or 2xx. */
  async #call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown, accepted: number[] = []) {
    const answer = await this.#raw(method, path, body);
    if (answer.status < 300 || accepted.includes(answer.status)) return answer;
    throw new PodmanError(answer.status, messageOf(answer.bytes) || `${method} ${path}: ${answer.status}`);
  }

  async ping(): Promise<void> {
    await this.#call('GET', '/_ping');
  }

  async hasImage(image: string): Promise<boolean> {
    return (await this.#call('GET', `/images/${encodeURIComponent(image)}/exists`, undefined, [404])).status !== 404;
  }

  /** Fetches an image from its registry. Podman answers 200 and tells of a failure in the body. */
  async pull(image: string): Promise<void> {
    const { bytes } = await this.#call('POST', `/images/pull?quiet=true&reference=${encodeURIComponent(image)}`);
    const last = bytes.toString('utf8').trim().split('\n').at(-1) ?? '';
    const error = z.object({ error: z.string().min(1) }).safeParse(parse(last));
    if (error.success) throw new PodmanError(404, error.data.error);
  }

  async createNetwork(name: string, labels: Record<string, string>): Promise<void> {
    await this.#call('POST', '/networks/create', { name, driver: 'bridge', labels, dns_enabled: false }, [409]);
  }

  async removeNetwork(name: string): Promise<void> {
    await this.#call('DELETE', `/networks/${name}?force=true`, undefined, [404]);
  }

  async networks(label: string): Promise<string[]> {
    const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
    const { bytes } = await this.#call('GET', `/networks/json?filters=${filters}`);
    return named.parse(parse(bytes.toString('utf8')) ?? []).map(({ name }) => name);
  }

  async createContainer(spec: object): Promise<void> {
    await this.#call('POST', '/containers/create', spec);
  }

  /** 304 = it runs already. */
  async startContainer(name: string): Promise<void> {
    await this.#call('POST', `/containers/${name}/start`, undefined, [304]);
  }

  async stopContainer(name: string, graceS: number): Promise<void> {
    await this.#call('POST', `/containers/${name}/stop?timeout=${graceS}`, undefined, [304, 404]);
  }

  async removeContainer(name: string): Promise<void> {
    await this.#call('DELETE', `/containers/${name}?force=true&v=true&timeout=0`, undefined, [404]);
  }

  async inspect(name: string): Promise<ContainerState | null> {
    const { status, bytes } = await this.#call('GET', `/containers/${name}/json`, undefined, [404]);
    if (status === 404) return null;
    const { Id, State } = inspection.parse(parse(bytes.toString('utf8')));
    const finished = Date.parse(State.FinishedAt);
    return {
      id: Id,
      running: State.Running,
      fresh: ['created', 'configured', 'initialized'].includes(State.Status),
      pid: State.Pid,
      exitCode: State.ExitCode,
      oomKilled: State.OOMKilled,
      finishedAtMs: State.Running || !(finished > 0) ? null : finished,
    };
  }

  /** Names of all containers with a label, running or not. */
  async containers(label: string): Promise<string[]> {
    const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
    const { bytes } = await this.#call('GET', `/containers/json?all=true&filters=${filters}`);
    return listed.parse(parse(bytes.toString('utf8')) ?? []).flatMap(({ Names }) => Names);
  }

  /** Everything that a container wrote, as frames (see log-frames.ts); null when there is no such container. */
  async logs(name: string): Promise<Buffer | null> {
    const path = `/containers/${name}/logs?stdout=true&stderr=true&timestamps=true`;
    const { status, bytes } = await this.#call('GET', path, undefined, [404]);
    return status === 404 ? null : bytes;
  }

  /** Lays a program out in a running container; nothing runs yet. */
  async createExec(name: string, spec: object): Promise<string> {
    const { bytes } = await this.#call('POST', `/containers/${name}/exec`, spec);
    return execId.parse(parse(bytes.toString('utf8'))).Id;
  }

  /** Starts a program; its bytes come and go over the connection that is handed over. */
  startExec(id: string, tty: boolean): Promise<{ socket: Duplex; head: Buffer }> {
    return takeOver(this.#socketPath, `/v4.0.0/libpod/exec/${id}/start`, { Detach: false, Tty: tty });
  }

  /** Null when the program is not known any more. */
  async inspectExec(id: string): Promise<{ running: boolean; exitCode: number; pid: number } | null> {
    const { status, bytes } = await this.#call('GET', `/exec/${id}/json`, undefined, [404]);
    if (status === 404) return null;
    const { Running, ExitCode, Pid } = execState.parse(parse(bytes.toString('utf8')));
    return { running: Running, exitCode: ExitCode, pid: Pid };
  }

  async resizeExec(id: string, { columns, rows }: TerminalSize): Promise<void> {
    // 409: it has ended, or has not quite begun.
    await this.#call('POST', `/exec/${id}/resize?h=${rows}&w=${columns}&running=true`, undefined, [404, 409, 500]);
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function messageOf(bytes: Buffer): string | null {
  const known = refusal.safeParse(parse(bytes.toString('utf8')));
  return known.success ? known.data.message : null;
}

/** Sends a POST that ends in the connection itself becoming the stream. */
function takeOver(socketPath: string, path: string, body: object): Promise<{ socket: Duplex; head: Buffer }> {
  const text = JSON.stringify(body);
  const headers = { 'content-type': 'application/json', connection: 'Upgrade', upgrade: 'tcp' };
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path, method: 'POST', headers });
    call.once('upgrade', (_answer, socket, head) => resolve({ socket, head }));
    call.once('response', (answer) => {
      readText(answer).then((said) => reject(new PodmanError(answer.statusCode ?? 0, said.slice(0, 500))), reject);
    });
    call.once('error', (error) => reject(new PodmanError(0, error.message)));
    call.end(text);
  });
}
