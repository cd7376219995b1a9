/**
 * What the API is measured against: a Fastify server without anything but the same reads and the same shaping of rows. It
 * checks no credential, no input and no limit. Started by bench/api.ts with its settings in the environment.
 */
import { openDb } from '@suanxiang/db/client';
import { singleSql } from '@suanxiang/db/tenant';
import { readWorkload, readWorkloads } from '@suanxiang/services/workload/read-workloads';
import { fastify } from 'fastify';

const { BENCH_DATABASE_URL = '', BENCH_PORT = '', BENCH_POOL = '12' } = process.env;
const db = openDb({ url: BENCH_DATABASE_URL, applicationName: 'bench-bare', poolSize: Number(BENCH_POOL) });
const sql = singleSql(db);
const server = fastify({ logger: false });

interface Params {
  org: string;
  id: string;
  lookup: string;
}

server.get<{ Params: Params }>('/one/:org/:lookup/:id', async ({ params }) => {
  await sql`SELECT id, org_id, scopes, mac FROM api_key WHERE lookup = ${params.lookup}`;
  return readWorkload(sql, params.org, 'instance', params.id);
});
server.get<{ Params: Params }>('/page/:org', async ({ params }) => {
  const ids = await sql<{ id: string }>`
    SELECT id FROM workload WHERE org_id = ${params.org} AND kind = 'instance' ORDER BY created_at DESC, id DESC LIMIT 50`;
  return {
    items: await readWorkloads(
      sql,
      params.org,
      'instance',
      ids.map(({ id }) => id),
    ),
  };
});
await server.listen({ host: '127.0.0.1', port: Number(BENCH_PORT) });
// An orderly end writes the profile, where one is taken.
process.once('SIGTERM', () => process.exit(0));
process.stdout.write('bare server is ready\n');
