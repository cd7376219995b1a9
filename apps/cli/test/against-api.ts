import path from 'node:path';
import type { Api } from '../../api/test/support/api';
import { run } from '../src/run';
import { testEnv } from './harness';

/** The command against the real API, whatever stands in between left out. `folder` holds its configuration. */
export async function suanAgainst(api: Api, apiKey: string, folder: string, words: readonly string[]) {
  const said = { out: '', err: '' };
  const send: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    const headers = Object.fromEntries(new Headers(init?.headers));
    const reply = await api.send(init?.method ?? 'GET', url.pathname + url.search, { headers });
    return new Response(reply.text, { status: reply.status, headers: reply.headers as Record<string, string> });
  };
  const io = {
    out: (text: string) => {
      said.out += text;
    },
    err: (text: string) => {
      said.err += text;
    },
    interactive: false,
    columns: null,
    rows: null,
    errColumns: null,
    interrupted: new AbortController().signal,
    nowMs: () => Date.now(),
    sleep: async () => {},
    elapsedMs: () => 0,
  };
  const env = { ...testEnv(path.join(folder, 'config.json')), apiKey };
  const code = await run([...words], env, io as never, send);
  return { code, ...said };
}
