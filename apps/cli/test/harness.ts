import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Locale } from '@suanxiang/domain/locale';
import { afterAll } from 'vitest';
import { EMPTY_ENV, type Env } from '../src/env';
import { Interrupted } from '../src/exit-codes';
import type { Io } from '../src/io';
import { run } from '../src/run';

/** A request as the API would see it. */
export interface Seen {
  method: string;
  /** Address of the API, for example `https://cloud.example`. */
  url: string;
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

/** What the stand-in for the API answers: status and JSON, or an error to throw. */
export type Answer = { status: number; json?: unknown; headers?: Record<string, string>; bytes?: Uint8Array } | Error;

export interface RunOptions {
  answers?: Answer[];
  /** Answers of their own for paths that begin so, for what asks beside the command itself. */
  beside?: Record<string, Answer[]>;
  apiKey?: string | null;
  locale?: Locale;
  stdin?: string;
  files?: Record<string, string>;
  interactive?: boolean;
  typed?: string[];
  configFile?: string;
  /** Width of the terminal; null: output goes to a file. */
  columns?: number | null;
  rows?: number;
  errColumns?: number;
  color?: boolean;
  env?: Partial<Env>;
  /** Ctrl-C comes at this sleep, counted from 1. */
  interruptAtSleep?: number;
  /** Exit code of programs that are run. */
  programExit?: number;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A config file path in a folder of its own, removed after the tests. */
export function freshConfigFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'suan-test-'));
  folders.push(folder);
  return join(folder, 'suan', 'config.json');
}

const START_MS = Date.UTC(2026, 10, 25);

/** An environment in which nothing is set; files go beside the config file. */
export function testEnv(configFile: string): Env {
  return {
    ...EMPTY_ENV,
    configFile,
    cacheDir: join(dirname(configFile), 'cache'),
    knownHostsFile: join(dirname(configFile), 'state', 'known_hosts'),
  };
}

/** Runs a command line against scripted answers and keeps everything it said and asked for. */
export async function runCli(words: string, options: RunOptions = {}) {
  const seen: Seen[] = [];
  const answers = [...(options.answers ?? [])];
  const beside = options.beside ?? {};
  const typed = [...(options.typed ?? [])];
  const written = new Map<string, Uint8Array>();
  const slept: number[] = [];
  const programs: string[][] = [];
  const interrupt = new AbortController();
  let out = '';
  let err = '';
  let elapsedMs = 0;
  const send: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    const headers = Object.fromEntries(new Headers(init?.headers));
    const body = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
    seen.push({ method: init?.method ?? 'GET', url: url.origin, path: url.pathname + url.search, headers, body });
    const own = Object.keys(beside).find((prefix) => url.pathname.startsWith(prefix));
    const answer = (own ? beside[own]! : answers).shift();
    if (!answer) throw new Error(`unexpected request ${init?.method} ${url.pathname}`);
    if (answer instanceof Error) throw answer;
    const payload = answer.bytes ?? (answer.json === undefined ? null : JSON.stringify(answer.json));
    return new Response(payload as ConstructorParameters<typeof Response>[0], {
      status: answer.status,
      ...(answer.headers ? { headers: answer.headers } : {}),
    });
  };
  const io: Io = {
    out: (text) => {
      out += text;
    },
    outBytes: (bytes) => {
      out += new TextDecoder().decode(bytes);
    },
    err: (text) => {
      err += text;
    },
    interactive: options.interactive ?? false,
    columns: options.columns === undefined ? 200 : options.columns,
    rows: options.rows ?? null,
    errColumns: options.errColumns ?? null,
    interrupted: interrupt.signal,
    readStdin: async () => options.stdin ?? '',
    readFile: async (path) => {
      const text = options.files?.[path];
      if (text === undefined) throw new Error('ENOENT: no such file');
      return text;
    },
    writeFile: async (path, bytes) => {
      written.set(path, bytes);
    },
    ask: async () => typed.shift() ?? '',
    sleep: async (durationMs) => {
      slept.push(durationMs);
      elapsedMs += durationMs;
      if (slept.length !== options.interruptAtSleep) return;
      interrupt.abort();
      throw new Interrupted();
    },
    elapsedMs: () => elapsedMs,
    nowMs: () => START_MS + elapsedMs,
    async *input() {
      if (options.stdin) yield new TextEncoder().encode(options.stdin);
    },
    write: async (to, bytes) => {
      if (to === 'out') out += new TextDecoder().decode(bytes);
      else err += new TextDecoder().decode(bytes);
    },
    rawTerminal: () => null,
    runProgram: async (file, args) => {
      programs.push([file, ...args]);
      return options.programExit ?? 0;
    },
  };
  const env: Env = {
    ...testEnv(options.configFile ?? freshConfigFile()),
    apiKey: options.apiKey === undefined ? 'sx_sk_test_key' : options.apiKey,
    locale: options.locale ?? 'en',
    color: options.color ?? false,
    ...options.env,
  };
  const code = await run(splitWords(words), env, io, send);
  return { code, out, err, seen, written, slept, programs, env };
}

/** Splits like a shell would, with single quotes only. */
function splitWords(words: string): string[] {
  return [...words.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2]!);
}
