import { parseArgs } from 'node:util';
import { openDb } from '@suanxiang/db/client';
import { singleSql } from '@suanxiang/db/tenant';
import { replayInvoice } from '@suanxiang/metering/invoices/proof';
import { loadConfig } from '@suanxiang/platform/config';

const help = `Derives an issued invoice again from the store of record, with its adjustments and the credit notes over it, and compares
every digest, line and total.

  npm run --silent billing:replay -- INVOICE      id (inv_...) or number

Reads the database of the installation (DATABASE_URL, or the embedded one while the product runs). Prints what differs;
exit code 1 when anything does, 2 when there is no such invoice.`;

async function replay(wanted: string): Promise<number> {
  const db = openDb({ url: loadConfig().databaseUrls.app_worker, applicationName: 'suanxiang-replay', poolSize: 2 });
  try {
    const sql = singleSql(db);
    const [invoice] = await sql<{ id: string; org_id: string }>`
      SELECT id, org_id FROM invoice WHERE id = ${wanted} OR number = ${wanted}`;
    const verdict = invoice ? await replayInvoice(sql, invoice.org_id, invoice.id) : null;
    if (!verdict) {
      process.stderr.write(`There is no invoice ${wanted} whose inputs were kept.\n`);
      return 2;
    }
    const { findings, expired, number, derived, checked, notes, handNotes, blocks } = verdict;
    for (const { code, line, detail } of findings) process.stdout.write(`${code}  ${line ?? number}  ${detail}\n`);
    for (const { line, kept, blocks: of, derived: isDerived } of expired) {
      const outcome = isDerived ? 'derived without them' : 'not derived';
      process.stdout.write(`evidence_expired  ${line}  ${kept} of ${of} blocks are still kept; ${outcome}\n`);
    }
    const ofNotes = `${notes} credit notes and ${handNotes} made by hand`;
    const counts = `${derived} lines derived again, ${checked} adjustments checked, ${ofNotes}, ${blocks} blocks`;
    process.stdout.write(`${number}: ${counts}, ${findings.length} differences\n`);
    return findings.length > 0 ? 1 : 0;
  } finally {
    await db.close();
  }
}

const { values, positionals } = parseArgs({
  options: { help: { type: 'boolean', short: 'h' } },
  allowPositionals: true,
});
if (values.help || positionals.length !== 1) process.stdout.write(`${help}\n`);
else process.exitCode = await replay(positionals[0]!);
