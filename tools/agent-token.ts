import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { openDb } from '@suanxiang/db/client';
import { withSql } from '@suanxiang/db/tenant';
import { allowEnrolment } from '@suanxiang/metering/agent-plane/enrol';
import { systemClock } from '@suanxiang/platform/clock';
import { loadConfig } from '@suanxiang/platform/config';

const help = `npm run --silent agent:token -- --zone ZONE [--node NODE] [--minutes 60]

Allows one agent to enrol: prints a one-time token, which is kept as its digest only. Without --node the agent may speak for
every node of the zone. The agent sends it to POST /agent/v1/enrol (docs/guides/agent-plane.md).
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      zone: { type: 'string' },
      node: { type: 'string' },
      minutes: { type: 'string', default: '60' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const minutes = Number(values.minutes);
  if (values.help || !values.zone || !(minutes > 0)) {
    process.stdout.write(help);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const { zone: zoneId, node: nodeId = null } = values;
  const token = randomBytes(32).toString('base64url');
  const db = openDb({
    url: loadConfig().databaseUrls.app_worker,
    applicationName: 'suanxiang-agent-token',
    poolSize: 1,
  });
  try {
    const expiresAtMs = systemClock.nowMs() + minutes * 60_000;
    await withSql(db, (sql) => allowEnrolment(sql, { token, zoneId, nodeId, expiresAtMs }));
    process.stdout.write(`${token}\n`);
  } finally {
    await db.close();
  }
}

await main();
