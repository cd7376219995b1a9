import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readServerSentEvents } from '@suanxiang/contract/server-sent-events';
import { decodeBlock } from '@suanxiang/domain/usage-block';
import { controlPrivateKey } from '@suanxiang/platform/control-key';
import { createSecrets } from '@suanxiang/platform/secrets';
import { operatorAgents, operatorAllowAgent } from '@suanxiang/services/operator/agents';
import { type AgentProcess, startAgentProcess, whyNoContainers } from '@suanxiang/testing/agent-process';
import { type FleetProcess, startFleetProcess } from '@suanxiang/testing/fleet-process';
import { freePort } from '@suanxiang/testing/free-port';
import { claimRedis } from '@suanxiang/testing/redis-db';
import { type SpawnedProcess, spawnProcess } from '@suanxiang/testing/spawn';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import WebSocket from 'ws';
import { call, operator } from '../../../packages/services/test/support/plane';
import { type Machines, openMachines } from '../src/terminal/machines';
import { type Api, type Json, openApi } from './support/api';
import { addTenant, type Tenant } from './support/tenant';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const why = whyNoContainers();

/** The simulated fleet that a worker waits for; nothing of it is used. */
const elsewhere = {
  seed: 1,
  regions: [
    { id: 'r', name: { en: 'R', zh: '区' }, zones: [{ id: 'r-a', pools: [{ model: 'nvidia-l40s-48g', nodes: 1 }] }] },
  ],
};

describe.skipIf(why !== null)('an instance on a real host', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'suanxiang-e2e-'));
  let api: Api;
  let machines: Machines;
  let address: string;
  let fleet: FleetProcess;
  let agent: AgentProcess;
  let worker: SpawnedProcess;
  let tenant: Tenant;
  let bundle: string;

  async function startWorker(): Promise<SpawnedProcess> {
    const cache = path.join(root, 'node_modules/.cache');
    mkdirSync(cache, { recursive: true });
    bundle = mkdtempSync(path.join(cache, 'suanxiang-test-'));
    execFileSync(process.execPath, [path.join(root, 'tools/build-app.mjs'), 'worker', bundle], { cwd: root });
    const { controlKey } = api.plane.ctx.secrets;
    const secretsFile = path.join(folder, 'secrets.json');
    const secrets = { ...createSecrets(), dbPasswords: inject('services').rolePasswords, controlKey };
    writeFileSync(secretsFile, JSON.stringify({ ...secrets, fleetToken: fleet.token }));
    const databaseUrl = new URL(api.plane.db.database.adminUrl);
    databaseUrl.username = '';
    databaseUrl.password = '';
    const started = spawnProcess(process.execPath, ['--enable-source-maps', path.join(bundle, 'main.js')], {
      env: {
        NODE_ENV: 'test',
        DATA_DIR: folder,
        SECRETS_FILE: secretsFile,
        DATABASE_URL: databaseUrl.toString(),
        REDIS_URL: (await claimRedis()).url,
        FLEET_URL: fleet.url,
        WORKER_PRIVATE_PORT: String(await freePort()),
      },
    });
    await started.waitFor(/worker is ready/, 60_000);
    return started;
  }

  beforeAll(async () => {
    // Its keys are known once it is open, and its first program is started later.
    const lazy: Machines = {
      logs: { read: (...call) => machines.logs.read(...call) },
      exec: (...call) => machines.exec(...call),
      close: () => machines.close(),
    };
    api = await openApi(lazy);
    machines = openMachines({
      fleet: { url: 'http://127.0.0.1:9', token: 'none' },
      controlKey: controlPrivateKey(api.plane.ctx.secrets.controlKey),
      nowMs: Date.now,
    });
    await api.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = api.app.server.address() as AddressInfo;
    const body = { zone_id: 'cn-north-x', region_id: 'cn-north' };
    const { token } = await call(api.plane, 'operatorAllowAgent', operatorAllowAgent, operator, { body });
    address = `ws://127.0.0.1:${port}/v1/terminal`;
    const apiUrl = `http://127.0.0.1:${port}`;
    agent = await startAgentProcess({ enrol: { apiUrl, token: token! }, firstSshPort: 23_900 });
    fleet = await startFleetProcess({ spec: elsewhere });
    worker = await startWorker();
    tenant = await addTenant(api);
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, 'id')]);
  }, 120_000);
  afterAll(async () => {
    await worker?.end('SIGKILL');
    await agent?.stop();
    await fleet?.stop();
    await machines?.close();
    await api?.close();
    for (const one of [folder, bundle]) if (one) rmSync(one, { recursive: true, force: true });
  }, 60_000);

  /** Asks until an answer will do. */
  async function until<T>(ask: () => Promise<T>, good: (answer: T) => boolean): Promise<T> {
    const limit = AbortSignal.timeout(60_000);
    for (;;) {
      const answer = await ask();
      if (good(answer)) return answer;
      if (limit.aborted)
        throw new Error(`${JSON.stringify(answer)}\n${worker.output().slice(-3_000)}\n${agent.output()}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** What a shell of the instance shows until a text appears on its screen. */
  async function typed(id: string, line: string, shown: RegExp): Promise<string> {
    const asked = await api.call('openInstanceTerminal', { params: { instance_id: id }, body: {} }, tenant.owner);
    expect(asked.status, asked.text).toBe(201);
    const socket = new WebSocket(address, ['suanxiang.terminal.v1', `ticket.${asked.json.ticket}`]);
    let screen = '';
    return new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.on('close', (code, reason) => reject(new Error(`${code} ${reason}: ${screen}`)));
      socket.on('message', (data: Buffer, isBinary) => {
        if (!isBinary) socket.send(Buffer.from(`${line}\r`));
        else screen += data.subarray(1).toString('utf8');
        if (!shown.test(screen)) return;
        socket.removeAllListeners('close').close();
        resolve(screen);
      });
    });
  }

  /** One program of the instance, given an input: what it wrote and its exit code. */
  async function executed(id: string, command: string[], input: string): Promise<{ out: string; code: number }> {
    const body = { command, tty: false };
    const asked = await api.call('openInstanceTerminal', { params: { instance_id: id }, body }, tenant.owner);
    expect(asked.status, asked.text).toBe(201);
    const socket = new WebSocket(address, ['suanxiang.terminal.v1', `ticket.${asked.json.ticket}`]);
    let out = '';
    return new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.on('close', (code, reason) => reject(new Error(`${code} ${reason}: ${out}`)));
      socket.on('message', (data: Buffer, isBinary) => {
        if (isBinary) {
          out += data.subarray(1).toString('utf8');
          return;
        }
        const message = JSON.parse(String(data)) as { type: string; code: number };
        if (message.type === 'ready') {
          socket.send(Buffer.from(input));
          socket.send(JSON.stringify({ type: 'end_of_input' }));
        } else resolve({ out, code: message.code });
      });
    });
  }

  /** The instance's log as it is written; `over` resolves with the end of its run. */
  async function followed(id: string): Promise<{ texts: string[]; over: Promise<void> }> {
    const { token, orgId } = tenant.owner;
    const base = address.replace('ws', 'http').replace('/v1/terminal', '');
    const response = await fetch(`${base}/v1/instances/${id}/logs/stream`, {
      headers: { authorization: `Bearer ${token}`, 'organization-id': orgId! },
    });
    expect(response.status).toBe(200);
    const texts: string[] = [];
    const over = (async () => {
      for await (const { data } of readServerSentEvents(response.body!, () => {})) {
        const told = JSON.parse(data) as { lines: { text: string }[]; reason?: string };
        texts.push(...told.lines.map(({ text }) => text));
        if (told.reason) return;
      }
      throw new Error('the stream broke before the log ended');
    })();
    over.catch(() => {});
    return { texts, over };
  }

  test('is launched over the API, entered by terminal and with the tenant’s key, and billed for the seconds that it ran', async () => {
    const { items } = await call(api.plane, 'operatorAgents', operatorAgents, operator);
    expect(items).toMatchObject([{ zone_id: 'cn-north-x', url: agent.url, revoked_at: null }]);
    const { sql } = api.plane;
    await until(
      () => sql`SELECT id FROM device WHERE zone_id = 'cn-north-x' AND health = 'ok'`,
      (devices) => devices.length === 2,
    );
    const publicKey = readFileSync(path.join(folder, 'id.pub'), 'utf8').trim();
    const key = await api.call('createSshKey', { body: { name: 'laptop', public_key: publicKey } }, tenant.owner);
    expect(key.status, key.text).toBe(201);
    const body = {
      name: 'real',
      region_id: 'cn-north',
      accelerator_id: 'cpu-small-2g',
      gpus: 2 as const,
      image: 'suanxiang/base:1',
      ssh_key_ids: [key.json.id],
    };
    const made = await api.call('createInstance', { body, idempotencyKey: 'real-1' }, tenant.owner);
    expect(made.status, made.text).toBe(201);
    const id = made.json.instance?.id ?? made.json.id;
    const instance = async () =>
      (await api.call('getInstance', { params: { instance_id: id } }, tenant.owner)).json as Json;
    const up = await until(instance, ({ state }) => state !== 'queued' && state !== 'provisioning');
    expect(up.state, JSON.stringify(up)).toBe('running');

    const [place] = await sql<{ id: string; ssh_host: string; ssh_port: number; ssh_user: string }>`
      SELECT id, ssh_host, ssh_port, ssh_user FROM allocation WHERE workload_id = ${id}`;
    const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR', 'BatchMode=yes'];
    const flags = [...options.flatMap((option) => ['-o', option]), '-i', path.join(folder, 'id')];
    const target = [`${place!.ssh_user}@${place!.ssh_host}`, '-p', String(place!.ssh_port)];
    const run = (command: string) => execFileSync('ssh', [...flags, ...target, command], { encoding: 'utf8' });
    // The shell in the container, not its echo: the sum is nowhere in what was typed.
    expect(await typed(id, 'echo $((6000 + 7)) $(cat /proc/1/comm)', /6007 \S+/)).toContain('6007');

    const script = ['sh', '-c', 'cat; echo from-inside >/proc/1/fd/1; exit 3'];
    const log = await followed(id);
    expect(await executed(id, script, 'one\n二\n')).toEqual({ out: 'one\n二\n', code: 3 });
    await until(
      async () => log.texts,
      (texts) => texts.includes('from-inside'),
    );

    // Both processors for two seconds: how much of them a busy machine can give is not ours to say, but it is more than none.
    expect(run('timeout 2 yes >/dev/null & timeout 2 yes >/dev/null; echo done')).toBe('done\n');

    const stop = await api.call('stopInstance', { params: { instance_id: id } }, tenant.owner);
    expect(stop.status, stop.text).toBeLessThan(300);
    await until(instance, ({ state }) => state === 'stopped');
    await log.over;
    const kept = await api.call('getInstanceLogs', { params: { instance_id: id }, query: {} }, tenant.owner);
    // The container and what it wrote are gone with the run; how it came up and that it stopped is still told.
    expect(kept.json).toMatchObject({ next_cursor: null });
    const texts: string[] = kept.json.lines.map((line: Json) => line.text);
    expect([texts.slice(0, -1), texts.at(-1)]).toEqual([log.texts.slice(0, texts.length - 1), 'stopped']);
    const [billed] = await sql<{ start_s: number; end_s: number }>`
      SELECT start_s::float8 AS start_s, end_s::float8 AS end_s FROM allocation WHERE id = ${place!.id}`;
    const { start_s: startS, end_s: endS } = billed!;
    expect(endS - startS).toBeGreaterThanOrEqual(2);
    const blocks = await until(
      () => sql<{ win_start_s: number; bytes: Uint8Array }>`
        SELECT win_start_s::float8 AS win_start_s, bytes FROM usage_block WHERE allocation_id = ${place!.id}`,
      (found) => found.some(({ win_start_s }) => win_start_s + 60 >= endS),
    );
    const measured = new Map<number, number>();
    for (const { win_start_s, bytes } of blocks) {
      for (const [index, ppm] of decodeBlock(bytes).entries()) if (ppm !== null) measured.set(win_start_s + index, ppm);
    }
    // Every billed second is one in which the container ran, and what it ran outside of them was not billed.
    const inside = [...measured.keys()].filter((second) => second >= startS && second < endS);
    expect(Math.abs(inside.length - (endS - startS))).toBeLessThanOrEqual(1);
    expect(Math.max(...measured.values())).toBeGreaterThan(0);
  }, 180_000);
});
