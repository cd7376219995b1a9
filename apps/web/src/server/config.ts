/** The only place of the console that reads the environment. Read per request, never at build time. */
export interface WebConfig {
  /** Where this server reaches the API, without a trailing slash. */
  apiUrl: string;
  /** The API's address as customers see it, for "show as curl". */
  publicApiUrl: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Settings of the console, with the defaults of one machine. */
export function readWebConfig(env: Env = process.env): WebConfig {
  const port = 4000 + Number(env.PORT_OFFSET ?? 0);
  const publicApiUrl = clean(env.API_URL) ?? `http://127.0.0.1:${port}`;
  return { publicApiUrl, apiUrl: clean(env.API_INTERNAL_URL) ?? publicApiUrl };
}

function clean(text: string | undefined): string | null {
  const trimmed = text?.trim().replace(/\/+$/, '');
  return trimmed ? trimmed : null;
}
