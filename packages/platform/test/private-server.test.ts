import { createRegistry, type PrivateServer, startPrivateServer } from '@suanxiang/platform/private-server';
import { afterEach, expect, test } from 'vitest';

let server: PrivateServer | undefined;
afterEach(() => server?.close());

async function get(path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`http://127.0.0.1:${server?.port}${path}`);
  return { status: response.status, text: await response.text() };
}

test('readiness follows its dependencies and the shutdown; liveness does not', async () => {
  let databaseUp = true;
  let stopping = false;
  server = await startPrivateServer({
    host: '127.0.0.1',
    port: 0,
    registry: createRegistry('test'),
    stopping: () => stopping,
    checkTimeoutMs: 50,
    checks: [
      {
        name: 'database',
        check: async () => {
          if (!databaseUp) throw new Error('connection refused');
        },
      },
    ],
  });
  expect(await get('/readyz')).toMatchObject({ status: 200 });
  databaseUp = false;
  const down = await get('/readyz');
  expect(down.status).toBe(503);
  expect(JSON.parse(down.text)).toEqual({ ready: false, checks: { database: 'connection refused' } });
  expect(await get('/livez')).toMatchObject({ status: 200 });
  databaseUp = true;
  stopping = true;
  expect(JSON.parse((await get('/readyz')).text).checks.process).toBe('stopping');
  expect((await get('/livez')).status).toBe(200);
});

test('a check that hangs counts as failed after its time limit', async () => {
  server = await startPrivateServer({
    host: '127.0.0.1',
    port: 0,
    registry: createRegistry('test'),
    stopping: () => false,
    checkTimeoutMs: 30,
    checks: [{ name: 'redis', check: () => new Promise(() => {}) }],
  });
  const answer = await get('/readyz');
  expect(answer.status).toBe(503);
  expect(JSON.parse(answer.text).checks.redis).toBe('no answer within 30 ms');
});

test('metrics carry the process name and unknown paths are 404', async () => {
  const checks: [] = [];
  server = await startPrivateServer({
    host: '127.0.0.1',
    port: 0,
    registry: createRegistry('worker'),
    stopping: () => false,
    checks,
  });
  expect((await get('/metrics')).text).toMatch(/process_cpu_user_seconds_total\{process="worker"\}/);
  expect((await get('/secret')).status).toBe(404);
});
