import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { ProblemError } from '@suanxiang/domain/errors';
import type { Locale } from '@suanxiang/domain/locale';
import type { CreditNoteView } from './read-credit-notes';
import type { InvoiceView } from './view';

/** A paper to print. */
export type PdfJob =
  | { kind: 'invoice'; invoice: InvoiceView; locale: Locale }
  | { kind: 'credit-note'; note: CreditNoteView; locale: Locale };

export interface PdfRendererOptions {
  /** Threads at most. */
  threads?: number;
  /** Jobs that may wait; the next one is refused with `unavailable`. */
  queueLimit?: number;
  /** A thread that prints longer than this is given up. */
  timeoutMs?: number;
  /** A thread that has had nothing to do for so long ends, and its memory with it. */
  idleMs?: number;
  /** Most bytes of finished papers to keep. */
  cacheBytes?: number;
}

/** Prints papers in threads of their own. */
export interface PdfRenderer {
  /** The paper's bytes. Throws `unavailable` when too many wait already or it takes too long. */
  render(job: PdfJob): Promise<Uint8Array>;
  /** Ends the threads; what is being printed fails. */
  close(): Promise<void>;
}

interface Waiting {
  job: PdfJob;
  resolve: (bytes: Uint8Array) => void;
  reject: (error: Error) => void;
}

interface Printer {
  thread: Worker;
  idleTimer: NodeJS.Timeout | null;
}

type Printed = { bytes: Uint8Array } | { error: string };

/** Beside this file when it is bundled; where TypeScript runs directly, through the same loader as everything else. */
function startThread(): Worker {
  if (import.meta.url.endsWith('.js')) {
    return new Worker(new URL('./pdf-worker.js', import.meta.url), { execArgv: ['--enable-source-maps'] });
  }
  const workerData = {
    loader: createRequire(import.meta.url)
      .resolve('tsx/esm/api')
      .replace(/\.cjs$/, '.mjs'),
    file: new URL('./pdf-worker.ts', import.meta.url).href,
  };
  const source = `const { workerData: { loader, file } } = require('node:worker_threads');
    import(loader).then((tsx) => tsx.tsImport(file, file));`;
  return new Worker(source, { eval: true, workerData });
}

/** What a paper's bytes follow from, as far as it changes once it is issued; null for papers that are not. */
function cacheKey(job: PdfJob): string | null {
  if (job.kind === 'credit-note') return `${job.note.id} ${job.locale}`;
  const { id, status, issuedS, paidMinor, dueMinor, creditedMinor } = job.invoice;
  return issuedS === null ? null : [id, job.locale, status, paidMinor, dueMinor, creditedMinor].join(' ');
}

class Renderer implements PdfRenderer {
  readonly #options: Required<PdfRendererOptions>;
  readonly #idle: Printer[] = [];
  readonly #printers = new Set<Printer>();
  readonly #queue: Waiting[] = [];
  readonly #underWay = new Map<string, Promise<Uint8Array>>();
  readonly #kept = new Map<string, Uint8Array>();
  #keptBytes = 0;
  #closed = false;

  constructor(options: PdfRendererOptions) {
    this.#options = {
      threads: 1,
      queueLimit: 8,
      timeoutMs: 20_000,
      idleMs: 60_000,
      cacheBytes: 16_000_000,
      ...options,
    };
  }

  render(job: PdfJob): Promise<Uint8Array> {
    const key = cacheKey(job);
    if (key === null) return this.#enqueue(job);
    const kept = this.#kept.get(key);
    if (kept) return Promise.resolve(kept);
    const running = this.#underWay.get(key);
    if (running) return running;
    const printing = this.#enqueue(job).then((bytes) => {
      this.#keep(key, bytes);
      return bytes;
    });
    this.#underWay.set(key, printing);
    const forget = () => this.#underWay.delete(key);
    printing.then(forget, forget);
    return printing;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#queue.splice(0)) waiting.reject(unavailable('The service is stopping.'));
    await Promise.all([...this.#printers].map(({ thread }) => thread.terminate()));
  }

  #enqueue(job: PdfJob): Promise<Uint8Array> {
    const free = this.#idle.length > 0 || this.#printers.size < this.#options.threads;
    if (this.#closed || (!free && this.#queue.length >= this.#options.queueLimit)) {
      return Promise.reject(unavailable('Too many papers are being printed right now.'));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ job, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    const isFull = this.#idle.length === 0 && this.#printers.size >= this.#options.threads;
    if (isFull || this.#queue.length === 0) return;
    const printer = this.#idle.pop() ?? this.#open();
    this.#print(printer, this.#queue.shift()!);
  }

  #open(): Printer {
    const printer: Printer = { thread: startThread(), idleTimer: null };
    this.#printers.add(printer);
    // A failure between two papers ends the thread, and the next paper gets a new one.
    printer.thread.on('error', () => {});
    printer.thread.once('exit', () => {
      this.#printers.delete(printer);
      const place = this.#idle.indexOf(printer);
      if (place >= 0) this.#idle.splice(place, 1);
      if (!this.#closed) this.#next();
    });
    return printer;
  }

  #print(printer: Printer, { job, resolve, reject }: Waiting): void {
    const { thread } = printer;
    if (printer.idleTimer) clearTimeout(printer.idleTimer);
    const finish = () => {
      clearTimeout(timer);
      thread.off('message', onMessage).off('error', onError).off('exit', onExit);
    };
    const onExit = () => {
      finish();
      reject(unavailable('The printing of this paper was broken off.'));
    };
    const onError = (error: Error) => {
      finish();
      reject(new Error(`printing failed: ${error.message}`, { cause: error }));
    };
    const onMessage = (printed: Printed) => {
      finish();
      if ('bytes' in printed) resolve(printed.bytes);
      else reject(new Error(`printing failed: ${printed.error}`));
      this.#rest(printer);
    };
    const timer = setTimeout(() => void thread.terminate(), this.#options.timeoutMs);
    thread.once('message', onMessage).once('error', onError).once('exit', onExit);
    thread.postMessage(job);
  }

  #rest(printer: Printer): void {
    printer.idleTimer = setTimeout(() => void printer.thread.terminate(), this.#options.idleMs);
    printer.idleTimer.unref();
    this.#idle.push(printer);
    this.#next();
  }

  #keep(key: string, bytes: Uint8Array): void {
    this.#kept.set(key, bytes);
    this.#keptBytes += bytes.length;
    for (const [oldest, old] of this.#kept) {
      if (this.#keptBytes <= this.#options.cacheBytes) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= old.length;
    }
  }
}

function unavailable(detail: string): ProblemError {
  return new ProblemError('unavailable', detail, {
    suggestion: 'Ask for the same paper again in a moment.',
    retryAfterS: 2,
  });
}

/** Opens a renderer. Threads start when there is something to print. */
export function createPdfRenderer(options: PdfRendererOptions = {}): PdfRenderer {
  return new Renderer(options);
}
