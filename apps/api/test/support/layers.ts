import pg from 'pg';
import type { Api } from './api';

/** One of the two layers that keep tenants apart is taken away; what is answered brings it back. */
export type Prepare = (api: Api, admin: pg.Client) => Promise<() => Promise<void>>;

const withoutRowLevelSecurity: Prepare = async (_, admin) => {
  const { rows } = await admin.query(`SELECT relname FROM pg_class WHERE relrowsecurity AND relkind IN ('r', 'p')`);
  const set = async (how: 'DISABLE' | 'ENABLE') => {
    for (const { relname } of rows) {
      await admin.query(`ALTER TABLE ${pg.escapeIdentifier(relname)} ${how} ROW LEVEL SECURITY`);
    }
  };
  await set('DISABLE');
  if (rows.length < 20) throw new Error(`only ${rows.length} tables have row-level security`);
  return () => set('ENABLE');
};

const loose = (text: string) => text.replace(/(?:\b\w+\.)?org_id = (\$\d+)/g, '($1::text IS NOT NULL)');

type Statement = pg.QueryConfig & { submit?: unknown };
type Callback = (error: Error | undefined, client?: pg.PoolClient, done?: () => void) => void;

/** Every `org_id = $n` of the API's own statements is taken as true: what is left is row-level security. */
const withoutOurConditions: Prepare = async (api) => {
  const { pool } = api.plane.ctx.api;
  const connect = pool.connect;
  let loosened = 0;
  /** Statements that bring their own way to the server (one round trip for setting and reading) are changed in place. */
  const change = (statement: Statement): Statement => {
    const text = loose(statement.text);
    if (text !== statement.text) loosened += 1;
    if (typeof statement.submit !== 'function') return { ...statement, text, name: `${statement.name}_loose` };
    statement.text = text;
    if (statement.name) statement.name = `${statement.name}_loose`;
    return statement;
  };
  const loosen = (client: pg.PoolClient): pg.PoolClient =>
    new Proxy(client, {
      get(target, name) {
        const value = Reflect.get(target, name);
        if (name !== 'query') return typeof value === 'function' ? value.bind(target) : value;
        return (statement: string | Statement, ...more: unknown[]) =>
          typeof statement === 'string'
            ? target.query(statement, ...(more as []))
            : target.query(change(statement), ...(more as []));
      },
    });
  const original = connect.bind(pool) as () => Promise<pg.PoolClient>;
  pool.connect = ((callback?: Callback) => {
    const client = original().then(loosen);
    if (!callback) return client;
    client.then(
      (got) => callback(undefined, got, () => got.release()),
      (error: Error) => callback(error),
    );
  }) as never;
  return async () => {
    pool.connect = connect;
    if (loosened < 20) throw new Error(`only ${loosened} statements were loosened`);
  };
};

/** Each layer alone, and both: what keeps tenants apart must hold with any of them. */
export const LAYERS: readonly (readonly [string, Prepare])[] = [
  ['both layers', async () => async () => {}],
  ['without row-level security', withoutRowLevelSecurity],
  ['without the conditions of our own statements', withoutOurConditions],
];
