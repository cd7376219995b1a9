import { parentPort } from 'node:worker_threads';
import { creditNotePdf, invoicePdf } from './pdf';
import type { PdfJob } from './pdf-renderer';

// A thread of its own: laying out a page takes tenths of a second in one piece, in which nothing else could be answered.
parentPort?.on('message', (job: PdfJob) => {
  const printing = job.kind === 'invoice' ? invoicePdf(job.invoice, job.locale) : creditNotePdf(job.note, job.locale);
  printing.then(
    (bytes) => parentPort?.postMessage({ bytes: new Uint8Array(bytes) }),
    (error: unknown) => parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) }),
  );
});
