import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeBlock } from '@suanxiang/domain/usage-block';
import type { AllocationSpec, AllocationView, UsageBlockRecord } from '@suanxiang/hal/driver';
import { AgentDriver } from '@suanxiang/hal/drivers/agent/driver';
import { publicBytes } from '@suanxiang/hal/drivers/agent/signatures';
import { type AgentProcess, startAgentProcess, whyNoContainers } from '@suanxiang/testing/agent-process';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

const seedOf = (key: KeyObject) => Buffer.from(key.export({ format: 'jwk' }).d!, 'base64url').toString('base64');
const publicOf = (key: KeyObject) => publicBytes(key).toString('base64');

const ZONE = 'crash-a';
const why = whyNoContainers();

describe.skipIf(why !== null)('a node agent that is killed', () => {
  const control = generateKeyPairSync('ed25519');
  const own = generateKeyPairSync('ed25519');
  const folder = mkdtempSync(path.join(tmpdir(), 'suanxiang-key-'));
  let agent: AgentProcess;
  let driver: AgentDriver;
  let epoch = 1;
  const call = (operationKey: string = randomUUID()) => ({ operationKey, epoch });

  beforeAll(async () => {
    const identity = {
      agentId: 'agent_crash',
      region: 'cn-north',
      zone: ZONE,
      privateKey: seedOf(own.privateKey),
      controlKey: publicOf(control.privateKey),
    };
    agent = await startAgentProcess({ identity, firstSshPort: 23_800 });
    driver = driverWith(control.privateKey);
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, 'id')]);
  });
  afterAll(async () => {
    await driver?.close();
    await agent?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  afterEach(async () => {
    epoch += 100;
    for await (const { allocationId } of driver.observed(ZONE)) await driver.terminate(call(), allocationId);
  });

  const driverWith = (controlKey: KeyObject) =>
    new AgentDriver(
      {
        url: agent.url,
        agentId: 'agent_crash',
        controlKey: seedOf(controlKey),
        agentKey: publicOf(own.privateKey),
      },
      Date.now,
    );

  async function spec(more: Partial<AllocationSpec> = {}): Promise<AllocationSpec> {
    for await (const node of driver.discover(ZONE)) {
      return {
        allocationId: `alloc_${randomUUID().replaceAll('-', '')}`,
        nodeId: node.nodeId,
        deviceIds: [node.devices[0]!.deviceId],
        name: 'crash',
        image: 'suanxiang/base:1',
        sshPublicKeys: [readFileSync(path.join(folder, 'id.pub'), 'utf8').trim()],
        startupScript: 'echo "$GREETING" > greeting; echo started',
        environment: { GREETING: "it's 你好" },
        clockOffsetS: 0,
        ...more,
      };
    }
    throw new Error('no node');
  }

  async function until(id: string, wanted: (view: AllocationView) => boolean): Promise<AllocationView> {
    const limit = AbortSignal.timeout(30_000);
    for (;;) {
      const view = await driver.observe(id);
      if (view && wanted(view)) return view;
      if (limit.aborted) throw new Error(`${id} is ${JSON.stringify(view)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  const running = (view: AllocationView) => view.state === 'running';

  function ssh({ ssh: place }: AllocationView, command: string): string {
    const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR', 'BatchMode=yes'];
    const flags = options.flatMap((option) => ['-o', option]);
    const target = [`${place!.user}@${place!.host}`, '-p', String(place!.port), '-i', path.join(folder, 'id')];
    return execFileSync('ssh', [...flags, ...target, command], { encoding: 'utf8', timeout: 20_000 });
  }

  async function blocksOf(id: string): Promise<UsageBlockRecord[]> {
    return (await driver.telemetry(ZONE, 0, 1_000)).filter(({ allocationId }) => allocationId === id);
  }

  test('at each step of a life it goes on, and no second is lost or doubled', async () => {
    const wanted = await spec();
    const id = wanted.allocationId;
    const prepareCall = call();
    const prepared = await driver.prepare(prepareCall, wanted);
    await agent.kill();
    await agent.restart();
    expect(await driver.prepare(prepareCall, wanted)).toEqual(prepared);

    const startCall = call();
    await driver.start(startCall, id);
    await agent.kill();
    await agent.restart();
    await driver.start(startCall, id);
    const first = await until(id, running);
    expect(ssh(first, 'cat /workspace/greeting; hostname')).toBe("it's 你好\ncrash\n");

    await agent.kill();
    // The instance lives without its agent, also while somebody works in it.
    expect(ssh(first, 'echo alive')).toBe('alive\n');
    await agent.restart();
    const again = await driver.observe(id);
    expect([again?.state, again?.startedAtMs]).toEqual(['running', first.startedAtMs]);

    // Long enough for seconds that the agent itself saw begin and end.
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, again!.startedAtMs! + 5_000 - Date.now())));
    const stopCall = call();
    await driver.stop(stopCall, id);
    await agent.kill();
    await agent.restart();
    const stopped = await until(id, (view) => view.state === 'stopped');
    const blocks = await blocksOf(id);
    const seconds = new Map<number, number | null>();
    for (const { winStartS, bytes } of blocks) {
      for (const [index, ppm] of decodeBlock(bytes).entries()) {
        if (ppm === null) continue;
        expect(seconds.has(winStartS + index)).toBe(false);
        seconds.set(winStartS + index, ppm);
      }
    }
    const fromS = Math.floor(first.startedAtMs! / 1_000);
    const toS = Math.floor(stopped.stoppedAtMs! / 1_000);
    for (const second of seconds.keys()) expect(second >= fromS && second < toS).toBe(true);
    // Only what fell into the agent's last absence, when the workload went down unseen, may be missing.
    expect(seconds.size).toBeGreaterThanOrEqual(2);
    const before = await blocksOf(id);
    await agent.kill();
    await agent.restart();
    expect(await blocksOf(id)).toEqual(before);

    const terminateCall = call();
    await driver.terminate(terminateCall, id);
    await agent.kill();
    await agent.restart();
    expect((await driver.terminate(terminateCall, id)).state).toBe('terminated');
    expect((await driver.scrub(call(), wanted.deviceIds[0]!)).verified).toBe(true);
  }, 120_000);

  test('a workload that dies is no evidence from that second on', async () => {
    const wanted = await spec();
    const id = wanted.allocationId;
    await driver.prepare(call(), wanted);
    await driver.start(call(), id);
    const view = await until(id, running);
    ssh(view, '(sleep 2; kill 1) </dev/null >/dev/null 2>&1 &');
    const ended = await until(id, ({ state }) => state === 'stopped' || state === 'failed');
    expect(ended.stoppedAtMs).not.toBeNull();
    const last = Math.max(
      ...(await blocksOf(id)).map(({ winStartS, bytes }) => {
        const values = decodeBlock(bytes);
        return winStartS + values.findLastIndex((ppm) => ppm !== null);
      }),
    );
    expect(last).toBe(Math.floor(ended.stoppedAtMs! / 1_000) - 1);
    const events = await driver.health(ZONE, 0, 1_000);
    expect(events.at(-1)).toMatchObject({ kind: 'workload_exited', allocationId: id });
    await driver.terminate(call(), id);
  }, 60_000);

  test('an image that nobody has fails the boot with its reason', async () => {
    const wanted = await spec({ image: '127.0.0.1:9/nobody/has:1' });
    await driver.prepare(call(), wanted);
    await driver.start(call(), wanted.allocationId);
    const failed = await until(wanted.allocationId, ({ state }) => state === 'failed');
    expect(failed.fault?.kind).toBe('image_pull_failed');
    await driver.terminate(call(), wanted.allocationId);
  }, 60_000);

  test('limits of an instance are the kernel’s', async () => {
    const wanted = await spec();
    await driver.prepare(call(), wanted);
    await driver.start(call(), wanted.allocationId);
    const view = await until(wanted.allocationId, running);
    // Version 1 and 2 of the kernel's control groups spell them differently.
    const limit = (...files: string[]) =>
      ssh(view, `cat ${files.map((file) => `/sys/fs/cgroup/${file}`).join(' ')} 2>/dev/null; true`).trim();
    expect(limit('memory/memory.limit_in_bytes', 'memory.max')).toBe(String(2 * 1024 ** 3));
    expect(limit('pids/pids.max', 'pids.max')).toBe('512');
    expect(limit('cpu/cpu.cfs_quota_us', 'cpu.max')).toMatch(/^100000( 100000)?$/);
    await driver.terminate(call(), wanted.allocationId);
  }, 60_000);

  test('a stranger’s key opens nothing, and a lower epoch is fenced after a restart', async () => {
    const stranger = driverWith(generateKeyPairSync('ed25519').privateKey);
    await expect(stranger.observe('alloc_any')).rejects.toMatchObject({ code: 'invalid' });
    await stranger.close();
    const wanted = await spec();
    epoch = 7;
    await driver.prepare(call(), wanted);
    await agent.kill();
    await agent.restart();
    epoch = 6;
    await expect(driver.start(call(), wanted.allocationId)).rejects.toMatchObject({ code: 'fenced' });
    epoch = 8;
    await driver.terminate(call(), wanted.allocationId);
  }, 60_000);
});
