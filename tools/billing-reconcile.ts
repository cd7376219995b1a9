import { parseArgs } from 'node:util';
import { openDb } from '@suanxiang/db/client';
import { singleSql } from '@suanxiang/db/tenant';
import { reconcile } from '@suanxiang/metering/reconcile/reconcile';
import { loadConfig } from '@suanxiang/platform/config';

const help = `Compares leases, evidence, invoices, ledger and the payment provider's events, and names what differs.

  npm run --silent billing:reconcile -- [--org ID] [--month YYYY-MM]

Without --org: all organizations. Without --month: every closed period. Reads the database of the installation
(DATABASE_URL, or the embedded one while the product runs). Exit code 1 when anything differs, 2 for wrong options.`;

async function run(orgId: string | null, month: string | null): Promise<number> {
  const db = openDb({ url: loadConfig().databaseUrls.app_worker, applicationName: 'suanxiang-reconcile', poolSize: 2 });
  try {
    const { periods, invoices, payments, differences } = await reconcile(singleSql(db), { orgId, month });
    for (const one of differences) {
      const place = [one.orgId ?? '-', one.fromS === null ? '-' : new Date(one.fromS * 1000).toISOString()];
      const values = one.expected === null && one.found === null ? '' : `expected ${one.expected} found ${one.found}`;
      process.stdout.write(`${[one.code, ...place, one.subject, one.related ?? '-', values].join('  ').trimEnd()}\n`);
    }
    const counts = `${periods} closed periods, ${invoices} invoices, ${payments} payments`;
    process.stdout.write(`${counts}: ${differences.length} differences\n`);
    return differences.length > 0 ? 1 : 0;
  } finally {
    await db.close();
  }
}

const { values } = parseArgs({
  options: { help: { type: 'boolean', short: 'h' }, org: { type: 'string' }, month: { type: 'string' } },
});
if (values.help) process.stdout.write(`${help}\n`);
else if (values.month !== undefined && !/^\d{4}-(0[1-9]|1[0-2])$/.test(values.month)) {
  process.stderr.write(`--month is written as 2026-10\n`);
  process.exitCode = 2;
} else process.exitCode = await run(values.org ?? null, values.month ?? null);
