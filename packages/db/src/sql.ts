import type { Pool, PoolClient, QueryConfig } from 'pg';

/** What may be bound to a parameter. Objects are sent as JSON; bigint as text, so cast: `${x}::bigint`. */
export type SqlValue = string | number | bigint | boolean | null | Date | Uint8Array | readonly string[] | object;

/**
 * One parameterised statement inside a transaction, written as a tagged template:
 * ``await sql<{ id: string }>`SELECT id FROM workload WHERE id = ${id}` ``.
 * Values never become SQL text. Cast bigint and numeric results to ::text (they would lose precision or change type).
 */
export type Sql = <T extends object = Record<string, never>>(
  strings: TemplateStringsArray,
  ...values: SqlValue[]
) => Promise<T[]>;

function toText(strings: TemplateStringsArray): string {
  return strings.reduce((text, part, index) => (index === 0 ? part : `${text}$${index}${part}`), '');
}

function toParameter(value: SqlValue): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date)) {
    return JSON.stringify(value);
  }
  return value;
}

/** Name and text of each statement by its template, which is one object per place in the code. */
const statements = new WeakMap<TemplateStringsArray, { name: string; text: string }>();
let statementCount = 0;

function statement(strings: TemplateStringsArray): { name: string; text: string } {
  let known = statements.get(strings);
  if (!known) {
    statementCount += 1;
    known = { name: `suan_${statementCount}`, text: toText(strings) };
    statements.set(strings, known);
  }
  return known;
}

/** A template and its values as pg takes them: prepared once per connection, so that it is parsed once. */
function preparedStatement(strings: TemplateStringsArray, values: readonly SqlValue[]): QueryConfig {
  return { ...statement(strings), values: values.map(toParameter) };
}

/** Statements that `run` brings to PostgreSQL. */
export function sqlThrough(run: (config: QueryConfig) => Promise<object[]>): Sql {
  return async <T extends object>(strings: TemplateStringsArray, ...values: SqlValue[]): Promise<T[]> =>
    (await run(preparedStatement(strings, values))) as T[];
}

/** Statements over a PostgreSQL client or pool. */
export function sqlOverClient(client: PoolClient | Pool): Sql {
  return sqlThrough(async (config) => (await client.query(config)).rows as object[]);
}
