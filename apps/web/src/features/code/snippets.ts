import type { Route } from '@suanxiang/contract/route';

interface RequestParts {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | null;
}

/** Text as one shell word: in single quotes unless it is plain. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A request as a curl command. The key is taken from the environment so that none ends up in a history file. */
export function curlCommand(apiUrl: string, organizationId: string, request: RequestParts): string {
  const headers: Record<string, string> = {
    authorization: 'Bearer $SUANXIANG_API_KEY',
    'organization-id': organizationId,
    ...request.headers,
  };
  const lines = [
    `curl -sS${request.method === 'GET' ? '' : ` -X ${request.method}`} ${shellWord(apiUrl + request.path)}`,
  ];
  for (const [name, value] of Object.entries(headers)) {
    lines.push(`-H ${value.includes('$') ? `"${name}: ${value}"` : shellWord(`${name}: ${value}`)}`);
  }
  if (request.body !== null) {
    lines.push(`-d ${shellWord(JSON.stringify(JSON.parse(request.body), null, 2))}`);
  }
  return lines.join(' \\\n  ');
}

/** A request as a command of the CLI: path parameters in order, then a flag for every field. */
export function cliCommand(
  route: Pick<Route, 'cli' | 'path'>,
  input: { params?: object; query?: object; body?: object },
): string {
  const params = input.params as Record<string, unknown> | undefined;
  const positionals = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => shellWord(String(params?.[name ?? ''])));
  const flags = Object.entries({ ...input.query, ...input.body }).flatMap(([field, value]) => flagsOf(field, value));
  const head = ['suan', route.cli, ...positionals].join(' ');
  return flags.length > 2 ? [head, ...flags].join(' \\\n  ') : [head, ...flags].join(' ');
}

function flagsOf(field: string, value: unknown): string[] {
  const name = `--${field.replaceAll('_', '-')}`;
  if (value === undefined || value === null || value === '') return [];
  if (value === true) return [name];
  if (value === false) return [];
  if (Array.isArray(value)) return value.length > 0 ? [`${name} ${shellWord(value.join(','))}`] : [];
  if (typeof value === 'object') {
    return Object.entries(value).map(([key, item]) => `${name} ${shellWord(`${key}=${item}`)}`);
  }
  return [`${name} ${shellWord(String(value))}`];
}
