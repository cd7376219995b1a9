import { createHash } from 'node:crypto';
import type { DBAdapter, DBTransactionAdapter, Where } from 'better-auth/types';

/** How a session token stands in the database: SHA-256 in hex. A copy of the table opens no session. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex');
}

function hashWhere<W extends Where[] | undefined>(model: string, where: W): W {
  if (model !== 'session' || !where) return where;
  return where.map((condition) =>
    condition.field === 'token' && typeof condition.value === 'string'
      ? { ...condition, value: hashToken(condition.value) }
      : condition,
  ) as W;
}

type Methods = Pick<
  DBTransactionAdapter,
  'create' | 'findOne' | 'findMany' | 'update' | 'updateMany' | 'delete' | 'deleteMany' | 'count' | 'consumeOne'
>;

function wrapMethods(inner: Methods): Methods {
  return {
    async create(data) {
      if (data.model !== 'session') return inner.create(data);
      const token = String((data.data as { token?: unknown }).token);
      const row = await inner.create({ ...data, data: { ...data.data, token: hashToken(token) } });
      // The caller hands the token out once; the row keeps its hash.
      return { ...(row as object), token } as never;
    },
    findOne: (data) => inner.findOne({ ...data, where: hashWhere(data.model, data.where) }),
    findMany: (data) => inner.findMany({ ...data, where: hashWhere(data.model, data.where) } as typeof data),
    update: (data) => inner.update({ ...data, where: hashWhere(data.model, data.where) }),
    updateMany: (data) => inner.updateMany({ ...data, where: hashWhere(data.model, data.where) }),
    delete: (data) => inner.delete({ ...data, where: hashWhere(data.model, data.where) }),
    deleteMany: (data) => inner.deleteMany({ ...data, where: hashWhere(data.model, data.where) }),
    count: (data) => inner.count({ ...data, where: hashWhere(data.model, data.where) } as typeof data),
    consumeOne: (data) => inner.consumeOne({ ...data, where: hashWhere(data.model, data.where) }),
  };
}

/** better-auth's adapter, but session tokens are hashed on their way in: it stores them in the clear otherwise. */
export function hashSessionTokens(inner: DBAdapter): DBAdapter {
  return {
    ...inner,
    ...wrapMethods(inner),
    transaction: (work) => inner.transaction((tx) => work({ ...tx, ...wrapMethods(tx) } as DBTransactionAdapter)),
  };
}
