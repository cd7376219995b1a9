import { createServer, type Server, type ServerResponse } from 'node:http';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** A named dependency; it throws when the process cannot do its work without it now. */
export interface ReadinessCheck {
  readonly name: string;
  readonly check: () => Promise<void>;
}

export interface PrivateServerOptions {
  readonly host: string;
  /** 0 lets the kernel choose. */
  readonly port: number;
  readonly registry: Registry;
  readonly checks: readonly ReadinessCheck[];
  /** While true, /readyz answers 503 so that a balancer stops sending work. */
  readonly stopping: () => boolean;
  /** Longest time for each check. */
  readonly checkTimeoutMs?: number;
}

export interface PrivateServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Registry with Node's own process metrics, labelled with the process's name. */
export function createRegistry(name: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ process: name });
  collectDefaultMetrics({ register: registry });
  return registry;
}

async function withTimeout(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function readiness(options: PrivateServerOptions): Promise<{ ready: boolean; checks: Record<string, string> }> {
  const timeoutMs = options.checkTimeoutMs ?? 2_000;
  const entries = await Promise.all(
    options.checks.map(async ({ name, check }): Promise<[string, string]> => {
      try {
        await withTimeout(check(), timeoutMs);
        return [name, 'ok'];
      } catch (error) {
        return [name, error instanceof Error ? error.message : String(error)];
      }
    }),
  );
  if (options.stopping()) entries.push(['process', 'stopping']);
  return { ready: entries.every(([, state]) => state === 'ok'), checks: Object.fromEntries(entries) };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}

async function answer(path: string, response: ServerResponse, options: PrivateServerOptions): Promise<void> {
  if (path === '/livez') return sendJson(response, 200, { alive: true });
  if (path === '/readyz') {
    const state = await readiness(options);
    return sendJson(response, state.ready ? 200 : 503, state);
  }
  if (path === '/metrics') {
    const text = await options.registry.metrics();
    response.writeHead(200, { 'content-type': options.registry.contentType });
    response.end(text);
    return;
  }
  sendJson(response, 404, { error: 'not found' });
}

/**
 * Serves /livez (the process answers), /readyz (its dependencies do, too) and /metrics (Prometheus text) on a port that
 * is not public. Liveness never looks at dependencies: a database outage must not make a supervisor restart every process.
 */
export function startPrivateServer(options: PrivateServerOptions): Promise<PrivateServer> {
  const server: Server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    answer(path, response, options).catch((error: unknown) => {
      if (!response.headersSent) sendJson(response, 500, { error: error instanceof Error ? error.message : 'failed' });
      else response.destroy();
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address ? address.port : options.port,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
}
