import { parseArgs } from 'node:util';
import { type Db, openDb } from '@suanxiang/db/client';
import { singleSql } from '@suanxiang/db/tenant';
import { systemClock } from '@suanxiang/platform/clock';
import { loadConfig } from '@suanxiang/platform/config';
import type { DbRole } from '@suanxiang/platform/secrets';
import { createPeople } from '@suanxiang/services/identity/people';
import { seedDemonstration } from '@suanxiang/services/seed/demonstration';

const help = `npm run --silent db:seed

Writes the demonstration into the database (DATABASE_URL, else the embedded one, which must run): an operator, two
tenants with two months of history and a sandbox each. What is there already stays. Prints the sign-in data as JSON.`;

const DISCOVERY_WAIT_MS = 20_000;
const POLL_MS = 250;

/** The past was run on machines of the fleet: waits a while until every zone that is announced has been discovered. */
async function waitForFleet(worker: Db): Promise<void> {
  const untilMs = performance.now() + DISCOVERY_WAIT_MS;
  for (;;) {
    const [row] = await singleSql(worker)<{ known: number; open: number }>`
      SELECT count(*)::int AS known, (count(*) FILTER (WHERE discovered_at IS NULL))::int AS open FROM zone`;
    if (row!.known > 0 && row!.open === 0) return;
    if (performance.now() > untilMs) {
      process.stderr.write('The fleet has not been discovered; the history is written without its machines.\n');
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
  if (values.help) {
    process.stdout.write(`${help}\n`);
    return;
  }
  const config = loadConfig();
  const open = (role: DbRole) =>
    openDb({ url: config.databaseUrls[role], applicationName: 'suanxiang-seed', poolSize: 2 });
  const [worker, auth, ops] = [open('app_worker'), open('app_auth'), open('app_ops')];
  try {
    const { sessionSecret: secret, apiKeyPepper: pepper } = config.secrets;
    const people = createPeople({ identity: auth, secret, baseUrl: config.apiUrl, clock: systemClock });
    const nowMs = systemClock.nowMs();
    const fleetKnown = () => waitForFleet(worker);
    const access = await seedDemonstration({ worker, auth, ops, people, pepper, nowMs, fleetKnown });
    process.stdout.write(`${JSON.stringify(access, null, 2)}\n`);
  } finally {
    await Promise.all([worker, auth, ops].map((db) => db.close()));
  }
}

await main();
