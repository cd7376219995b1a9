import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DriverError } from '@suanxiang/hal/driver';
import { SimulatedDriver } from '@suanxiang/hal/drivers/simulated/driver';
import { afterEach, describe, expect, test } from 'vitest';

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/** A driver of a fleet that answers as `listener` does. */
async function driverOf(listener: RequestListener): Promise<SimulatedDriver> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const driver = new SimulatedDriver({ url: `http://127.0.0.1:${port}`, token: 't', timeoutMs: 300 });
  opened.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await driver.close();
  });
  return driver;
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'accepted';
  } catch (error) {
    return error instanceof DriverError ? error.code : String(error);
  }
}

const ctx = { operationKey: 'k', epoch: 1 };
const view = (allocationId: string) => ({
  allocationId,
  nodeId: 'n',
  deviceIds: ['d'],
  state: 'running',
  epoch: 1,
  phase: null,
  startedAtMs: 1,
  stoppedAtMs: null,
  ssh: null,
  fault: null,
});

describe('what a failed call means', () => {
  test.each<[string, RequestListener, changing: string, reading: string]>([
    ['the connection is cut after the call was sent', (req) => req.socket.destroy(), 'lost', 'transient'],
    ['no answer comes in time', () => {}, 'lost', 'transient'],
    ['the answer stops in the middle', (_, res) => void res.writeHead(200).write('{"alloc'), 'lost', 'transient'],
    ['the answer is not JSON', (_, res) => void res.end('<html>'), 'lost', 'transient'],
    ['the answer is of another form', (_, res) => void res.end('{"allocation":{}}'), 'lost', 'transient'],
    ['the fleet fails', (_, res) => void res.writeHead(500).end('{"failed":true}'), 'lost', 'transient'],
    ['a proxy answers', (_, res) => void res.writeHead(413).end('{}'), 'invalid', 'invalid'],
    [
      'the fleet refuses',
      (_, res) => void res.writeHead(409).end('{"error":{"code":"capacity","message":"full","vendorCode":"XID 79"}}'),
      'capacity',
      'capacity',
    ],
  ])(
    '%s',
    async (_, listener, changing, reading) => {
      const driver = await driverOf(listener);
      expect(await codeOf(driver.start(ctx, 'a'))).toBe(changing);
      expect(await codeOf(driver.observe('a'))).toBe(reading);
      expect(await codeOf(driver.acknowledgeTelemetry('z', 1))).toBe(reading === 'transient' ? 'transient' : reading);
    },
    10_000,
  );

  test('nobody listens: nothing was sent, so it may be repeated', async () => {
    const driver = new SimulatedDriver({ url: 'http://127.0.0.1:1', token: 't' });
    opened.push(() => driver.close());
    const error = await driver.start(ctx, 'a').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'transient', retryable: true });
  });

  test("an answer about somebody else's allocation is not believed", async () => {
    const driver = await driverOf((req, res) => {
      res.end(JSON.stringify(req.method === 'GET' ? { allocation: view('b') } : view('b')));
    });
    expect(await codeOf(driver.start(ctx, 'a'))).toBe('lost');
    expect(await codeOf(driver.observe('a'))).toBe('transient');
    expect(await codeOf(driver.start(ctx, 'b'))).toBe('accepted');
  });

  test('a caller that stops waiting does not know the outcome', async () => {
    const driver = await driverOf(() => {});
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 30);
    expect(await codeOf(driver.start({ ...ctx, signal: controller.signal }, 'a'))).toBe('lost');
    expect(await codeOf(driver.start({ ...ctx, signal: AbortSignal.abort() }, 'a'))).toBe('transient');
  });

  test('a vendor code travels beside ours', async () => {
    const driver = await driverOf((_, res) => {
      res.writeHead(409).end('{"error":{"code":"capacity","message":"full","vendorCode":"XID 79"}}');
    });
    await expect(driver.start(ctx, 'a')).rejects.toMatchObject({ vendorCode: 'XID 79', message: 'full' });
  });

  test('a block of the wrong length is not believed', async () => {
    const block = { seq: 1, allocationId: 'a', winStartS: 60, rev: 0, digest: 'a'.repeat(64), agentId: 'x' };
    const driver = await driverOf((_, res) => res.end(JSON.stringify({ items: [{ ...block, bytes: 'AAAA' }] })));
    expect(await codeOf(driver.telemetry('z', 0, 10))).toBe('transient');
  });
});
