import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Db, openDb } from '@suanxiang/db/client';
import { CopyRows, withCopy } from '@suanxiang/db/copy-in';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import {
  type AgentBlock,
  batchSignatureText,
  encodeBatch,
  enrolmentSignatureText,
} from '@suanxiang/domain/agent-batch';
import { encodeBlock } from '@suanxiang/domain/usage-block';
import { blockDigest } from '@suanxiang/domain/usage-digest';
import { allowEnrolment } from '@suanxiang/metering/agent-plane/enrol';
import type { createSecrets } from '@suanxiang/platform/secrets';
import { freePort } from '@suanxiang/testing/free-port';
import { startRedis } from '../../lib/redis-server';
import { root } from '../../lib/root';
import { start, stop } from '../api/processes';

/** An installation to measure: a database of its own, with leases of one zone. */
export interface Installation {
  folder: string;
  databaseUrl: string;
  secrets: ReturnType<typeof createSecrets>;
  db: Db;
  zoneId: string;
  orgId: string;
  allocationIds: readonly string[];
}

/** One block a lease and minute, minute by minute up to a minute ago, as running leases would yield them. */
function recentBlocks(allocationIds: readonly string[], count: number, nowS: number): AgentBlock[] {
  const minutes = Math.ceil(count / allocationIds.length);
  const firstS = nowS - (nowS % 60) - (minutes + 1) * 60;
  return Array.from({ length: count }, (_, i) => {
    const allocationId = allocationIds[i % allocationIds.length]!;
    const winStartS = firstS + Math.floor(i / allocationIds.length) * 60;
    const bytes = encodeBlock(Array.from({ length: 60 }, (_v, second) => ((i * 31 + second * 7) % 10_001) * 100));
    const key = { allocationId, winStartS, rev: 0 };
    return { ...key, bytes, digest: blockDigest(key, bytes) };
  });
}

/** Blocks a second of one bare binary COPY of the same rows into the same keyed table, checking nothing. */
async function bareCopy(target: Installation, blocks: readonly AgentBlock[]): Promise<number> {
  const rows = new CopyRows(blocks.length * 400);
  for (const block of blocks) {
    rows.row(13).ascii(target.orgId).ascii(block.allocationId).int8(block.winStartS).int4(block.rev).bytes(block.bytes);
    rows
      .ascii(block.digest)
      .ascii('agt_00000000000000000000000000')
      .ascii(target.zoneId)
      .int8(1)
      .int4(60)
      .int8(30_000_000);
    rows.int8(block.winStartS + 60).int8(1);
  }
  const data = rows.finish();
  const columns =
    'org_id, allocation_id, win_start_s, rev, bytes, digest, agent_id, zone_id, engine_seq, measured, sum_ppm, arrived_s, batch_seq';
  // The owner copies: PostgreSQL refuses COPY into a table with row-level security to every other role.
  const owner = openDb({ url: target.databaseUrl, applicationName: 'bench-copy', poolSize: 1 });
  try {
    await owner.pool.query('SELECT 1');
    const from = performance.now();
    await withCopy(owner, (_sql, copy) => copy(`usage_block (${columns})`, data));
    return (blocks.length / (performance.now() - from)) * 1000;
  } finally {
    await owner.close();
  }
}

async function emptyTable(databaseUrl: string): Promise<void> {
  const owner = openDb({ url: databaseUrl, applicationName: 'bench-empty', poolSize: 1 });
  await owner.pool.query('TRUNCATE usage_block');
  await owner.pool.query('CHECKPOINT');
  await owner.close();
}

async function startApi({ folder, databaseUrl, secrets }: Installation, closing: (() => Promise<unknown>)[]) {
  await mkdir(path.join(folder, 'redis'), { recursive: true });
  const redis = await startRedis({
    dir: path.join(folder, 'redis'),
    cacheDir: path.join(root, '.cache'),
    port: await freePort(),
    password: randomBytes(16).toString('hex'),
    logFile: path.join(folder, 'redis.log'),
    profile: 'disposable',
  });
  closing.push(() => redis.stop());
  await writeFile(path.join(folder, 'secrets.json'), JSON.stringify(secrets), { mode: 0o600 });
  const [port, privatePort] = [await freePort(), await freePort()];
  const env = {
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    SECRETS_FILE: path.join(folder, 'secrets.json'),
    API_PORT: String(port),
    API_PRIVATE_PORT: String(privatePort),
    LOG_LEVEL: 'info',
  };
  const api = await start(['--import', 'tsx', 'apps/api/src/main.ts'], env, /api is ready/);
  closing.push(() => stop(api));
  return `http://127.0.0.1:${port}`;
}

async function enrol(target: Installation, url: string): Promise<{ id: string; key: KeyObject }> {
  const token = randomBytes(32).toString('base64url');
  const expiresAtMs = Date.now() + 60_000;
  await withSql(target.db, (sql) => allowEnrolment(sql, { token, zoneId: target.zoneId, nodeId: null, expiresAtMs }));
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const signature = sign(null, Buffer.from(enrolmentSignatureText(token, raw.toString('hex'))), privateKey);
  const body = { token, public_key: raw.toString('base64'), signature: signature.toString('base64') };
  const reply = await fetch(`${url}/agent/v1/enrol`, { method: 'POST', body: JSON.stringify(body) });
  if (reply.status !== 201) throw new Error(`the agent was not enrolled: ${await reply.text()}`);
  return { id: ((await reply.json()) as { agent_id: string }).agent_id, key: privateKey };
}

/** Blocks a second through the endpoint: signed batches, `connections` under way at a time. */
async function throughEndpoint(
  url: string,
  agent: { id: string; key: KeyObject },
  blocks: readonly AgentBlock[],
  { batch, connections }: { batch: number; connections: number },
): Promise<number> {
  const bodies = Array.from({ length: Math.ceil(blocks.length / batch) }, (_, i) => {
    const part = blocks.slice(i * batch, (i + 1) * batch);
    const body = encodeBatch({ seq: i + 1, sentAtMs: Date.now(), blocks: part });
    const digest = createHash('sha256').update(body).digest('hex');
    const signature = sign(null, Buffer.from(batchSignatureText(agent.id, digest)), agent.key).toString('base64');
    return { body, signature, count: part.length };
  });
  let next = 0;
  const send = async () => {
    for (let one = bodies[next++]; one; one = bodies[next++]) {
      const reply = await fetch(`${url}/agent/v1/batches`, {
        method: 'POST',
        body: Buffer.from(one.body.buffer),
        headers: {
          'content-type': 'application/vnd.suanxiang.usage-batch',
          'suanxiang-agent': agent.id,
          'suanxiang-signature': one.signature,
        },
      });
      const answer = (await reply.json()) as { accepted: number };
      if (answer.accepted !== one.count) throw new Error(`a batch was not taken in: ${JSON.stringify(answer)}`);
    }
  };
  const from = performance.now();
  await Promise.all(Array.from({ length: connections }, send));
  return (blocks.length / (performance.now() - from)) * 1000;
}

/** Compares the endpoint with a bare COPY, in turns, each into an empty table; the median of each counts. */
export async function measureAgentIngest(
  target: Installation,
  options: { blocks: number; batch: number; rounds: number },
): Promise<object> {
  const closing: (() => Promise<unknown>)[] = [];
  try {
    await singleSql(
      target.db,
    )`INSERT INTO region (id, name_en, name_zh) VALUES ('bench', 'x', 'x') ON CONFLICT DO NOTHING`;
    await singleSql(target.db)`
      INSERT INTO zone (id, region_id, driver) VALUES (${target.zoneId}, 'bench', 'agent') ON CONFLICT DO NOTHING`;
    const url = await startApi(target, closing);
    const blocks = recentBlocks(target.allocationIds, options.blocks, Math.floor(Date.now() / 1000));
    const figures: { copy: number; endpoint: number }[] = [];
    for (let round = 0; round < options.rounds + 1; round += 1) {
      await emptyTable(target.databaseUrl);
      const copy = await bareCopy(target, blocks);
      await emptyTable(target.databaseUrl);
      // A new agent each round, whose batches begin at 1; the one before must not keep its leases.
      await singleSql(target.db)`UPDATE agent SET revoked_at = now()`;
      const agent = await enrol(target, url);
      const endpoint = await throughEndpoint(url, agent, blocks, { batch: options.batch, connections: 3 });
      // The first round warms both up.
      if (round > 0) figures.push({ copy, endpoint });
    }
    await emptyTable(target.databaseUrl);
    const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
    const [copy, endpoint] = [median(figures.map((f) => f.copy)), median(figures.map((f) => f.endpoint))];
    return {
      blocks: options.blocks,
      batch: options.batch,
      endpoint_blocks_per_s: Math.round(endpoint),
      bare_copy_blocks_per_s: Math.round(copy),
      ratio: Math.round((endpoint / copy) * 100) / 100,
      met: endpoint / copy >= 0.35 && endpoint >= 10_000,
      rounds: figures.map((f) => ({ copy: Math.round(f.copy), endpoint: Math.round(f.endpoint) })),
      // One block an accelerator and minute, every accelerator leased alone.
      share_of_this_machine: {
        '100000_accelerators': share(100_000, endpoint),
        '1000000_accelerators': share(1_000_000, endpoint),
      },
    };
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

function share(accelerators: number, perSecond: number): number {
  return Math.round((accelerators / 60 / perSecond) * 100) / 100;
}
