import { createPdfRenderer, type PdfJob } from '@suanxiang/metering/invoices/pdf-renderer';
import { afterEach, expect, test } from 'vitest';
import { sampleInvoice } from './support/sample-invoice';

const open: { close(): Promise<void> }[] = [];
function renderer(options: Parameters<typeof createPdfRenderer>[0]) {
  const made = createPdfRenderer(options);
  open.push(made);
  return made;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((made) => made.close()));
});

const job = (id: string, change: Parameters<typeof sampleInvoice>[2] = {}): PdfJob => ({
  kind: 'invoice',
  invoice: sampleInvoice('CNY', 3, { id, ...change }),
  locale: 'zh-CN',
});
const isPdf = (bytes: Uint8Array) => Buffer.from(bytes.subarray(0, 5)).toString() === '%PDF-';

test('what waits beyond the limit is refused with the time after which to ask again; the rest is printed', async () => {
  const printer = renderer({ threads: 1, queueLimit: 2 });
  const results = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((id) => printer.render(job(`inv_${id}`))));
  expect(results.map((result) => result.status)).toEqual([
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'rejected',
    'rejected',
  ]);
  for (const result of results) {
    if (result.status === 'fulfilled') expect(isPdf(result.value)).toBe(true);
    else expect(result.reason).toMatchObject({ code: 'unavailable', extra: { retryAfterS: 2 } });
  }
  // There is room again.
  expect(isPdf(await printer.render(job('inv_f')))).toBe(true);
});

test('an issued paper is printed once until something on it changes; a draft each time', async () => {
  const printer = renderer({ threads: 1 });
  const [first, together] = await Promise.all([printer.render(job('inv_a')), printer.render(job('inv_a'))]);
  expect(together).toBe(first);
  expect(await printer.render(job('inv_a'))).toBe(first);
  const paid = await printer.render(job('inv_a', { paidMinor: 1n }));
  expect(paid).not.toBe(first);
  const draft = { status: 'draft', number: null, issuedS: null, digest: null } as const;
  expect(await printer.render(job('draft', draft))).not.toBe(await printer.render(job('draft', draft)));
});

test('the oldest paper makes room for the newest', async () => {
  const printer = renderer({ threads: 1, cacheBytes: 1 });
  const first = await printer.render(job('inv_a'));
  expect(await printer.render(job('inv_a'))).not.toBe(first);
});

test('a thread that takes too long is given up, and the next paper gets a new one', async () => {
  const printer = renderer({ threads: 1, timeoutMs: 1 });
  await expect(printer.render(job('inv_a'))).rejects.toMatchObject({ code: 'unavailable' });
  await expect(printer.render(job('inv_b'))).rejects.toMatchObject({ code: 'unavailable' });
});

test('a paper that cannot be printed is an error of its own and leaves the thread usable', async () => {
  const printer = renderer({ threads: 1 });
  const broken = job('inv_a', { timeZone: 'Nowhere/Never' });
  await expect(printer.render(broken)).rejects.toThrow(/printing failed/);
  expect(isPdf(await printer.render(job('inv_b')))).toBe(true);
});

test('closing refuses what waits and ends the threads', async () => {
  const printer = renderer({ threads: 1, queueLimit: 5 });
  const waiting = ['a', 'b'].map((id) => printer.render(job(`inv_${id}`)));
  const settled = Promise.allSettled(waiting);
  await printer.close();
  expect((await settled).map((result) => result.status)).toEqual(['rejected', 'rejected']);
  await expect(printer.render(job('inv_c'))).rejects.toMatchObject({ code: 'unavailable' });
});
