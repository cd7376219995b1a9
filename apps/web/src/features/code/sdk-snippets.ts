import type { Route } from '@suanxiang/contract/route';
import { camelCase, sdkNameOf, snakeCase } from '@suanxiang/contract/sdk-names';

interface CallParts {
  params?: object;
  query?: object;
  body?: object;
}

/** What differs between the languages of our clients. */
interface Language {
  head(apiUrl: string): string;
  name(words: readonly string[]): string;
  text(value: string): string;
  /** `null`, `true` and `false`. */
  words: Record<'null' | 'true' | 'false', string>;
  key(name: string): string;
  /** A call with its ids and its named fields. */
  call(method: string, ids: readonly string[], fields: readonly string[]): string;
  field(name: string, value: string): string;
}

const python: Language = {
  head: (apiUrl) => `from suanxiang import Suanxiang\n\nclient = Suanxiang(base_url=${python.text(apiUrl)})`,
  name: snakeCase,
  text: (value) => JSON.stringify(value),
  words: { null: 'None', true: 'True', false: 'False' },
  key: (name) => JSON.stringify(name),
  call: (method, ids, fields) =>
    fields.length === 0
      ? `answer = ${method}(${ids.join(', ')})`
      : `answer = ${method}(\n${[...ids, ...fields].map((one) => `    ${one},\n`).join('')})`,
  field: (name, value) => `${name === 'from' ? 'from_' : name}=${value}`,
};

const typescript: Language = {
  head: (apiUrl) =>
    [
      `import { createClient } from '@suanxiang/sdk';\n`,
      'const client = createClient({',
      `  baseUrl: ${typescript.text(apiUrl)},`,
      '  apiKey: process.env.SUANXIANG_API_KEY,',
      '});',
    ].join('\n'),
  name: camelCase,
  text: (value) => `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`,
  words: { null: 'null', true: 'true', false: 'false' },
  key: (name) => (/^[a-z_]\w*$/i.test(name) ? name : typescript.text(name)),
  call: (method, ids, fields) => {
    const input = fields.length === 0 ? [] : [`{\n${fields.map((one) => `  ${one},\n`).join('')}}`];
    return `const answer = await ${method}(${[...ids, ...input].join(', ')});`;
  },
  field: (name, value) => `${name}: ${value}`,
};

const LANGUAGES = { python, typescript };
export type SdkLanguage = keyof typeof LANGUAGES;

/** A call as a program that uses our client of a language; the key is taken from the environment. */
export function sdkProgram(
  language: SdkLanguage,
  apiUrl: string,
  route: Pick<Route, 'cli' | 'path'>,
  { params, query, body }: CallParts,
): string {
  const its = LANGUAGES[language];
  const { group, method } = sdkNameOf(route);
  const target = ['client', ...(group ? [its.name(group)] : []), its.name(method)].join('.');
  const ids = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) =>
    literal(its, (params as Record<string, unknown> | undefined)?.[name ?? '']),
  );
  const fields = Object.entries({ ...query, ...body })
    .filter(([, value]) => !isEmpty(value))
    .map(([name, value]) => its.field(name, literal(its, value)));
  return `${its.head(apiUrl)}\n${its.call(target, ids, fields)}`;
}

/** True for what a form leaves out: the server's default then holds. A null is meant. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === '') return true;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** A value of JSON in a language. */
function literal(its: Language, value: unknown): string {
  if (typeof value === 'string') return its.text(value);
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return its.words[`${value}`];
  if (Array.isArray(value)) return `[${value.map((item) => literal(its, item)).join(', ')}]`;
  if (value === null || value === undefined) return its.words.null;
  const entries = Object.entries(value).map(([key, item]) => `${its.key(key)}: ${literal(its, item)}`);
  const space = its === typescript ? ' ' : '';
  return `{${space}${entries.join(', ')}${space}}`;
}
