import { type OperationId, routeOf } from '@suanxiang/contract/routes';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';
import { OPERATOR_PERMISSIONS } from '@suanxiang/domain/operator-permissions';
import { ROLE_PERMISSIONS } from '@suanxiang/domain/permissions';
import { systemClock } from '@suanxiang/platform/clock';
import { createLogger } from '@suanxiang/platform/logger';
import { createCommandRedis } from '@suanxiang/platform/redis';
import { createSecrets, type DbRole, dbRoles } from '@suanxiang/platform/secrets';
import type { CallMeta, Operator, Principal } from '@suanxiang/services/access/principal';
import { type AppContext, openContext } from '@suanxiang/services/context';
import type { AnswerOf, CallerOf, UseCase } from '@suanxiang/services/use-case';
import type { LogSource } from '@suanxiang/services/workload/log-source';
import { claimRedis } from '@suanxiang/testing/redis-db';
import { expect } from 'vitest';
import { type BillingDb, openBillingDb, type TestOrg } from '../../../metering/test/support/billing-db';

/** A database with the catalogue, and use cases over it as the API would run them. */
export interface Plane {
  db: BillingDb;
  ctx: AppContext;
  /** Single statements as the worker: for arranging and checking. */
  sql: Sql;
  close(): Promise<void>;
}

export async function openPlane(logs?: LogSource): Promise<Plane> {
  const db = await openBillingDb();
  const logger = createLogger({ name: 'test', level: 'silent' });
  const redis = createCommandRedis((await claimRedis()).url, logger);
  const databaseUrls = Object.fromEntries(dbRoles.map((role) => [role, db.database.urlFor(role)]));
  const { ctx, close } = openContext({
    config: {
      databaseUrls: databaseUrls as Record<DbRole, string>,
      secrets: createSecrets(),
      apiUrl: 'http://127.0.0.1:4000',
    },
    redis,
    clock: systemClock,
    logger,
    ...(logs ? { logs } : {}),
  });
  return {
    db,
    ctx,
    sql: singleSql(db.worker),
    async close() {
      await close();
      redis.disconnect();
      await db.close();
    },
  };
}

/** An owner of an organisation, or with `projectId` a key bound to that project. */
export function principalOf(org: TestOrg, projectId: string | null = null): Principal {
  const isKey = projectId !== null;
  const id = isKey ? 'key_test' : 'user_test';
  return {
    kind: isKey ? 'api_key' : 'user',
    id,
    name: 'Test',
    actor: isKey ? `key:${id}` : `user:${id}`,
    impersonator: null,
    orgId: org.orgId,
    permissions: ROLE_PERMISSIONS.owner,
    role: isKey ? null : 'owner',
    projectRoles: {},
    projectIds: projectId === null ? null : [projectId],
    allowedCidrs: [],
    authMethod: isKey ? 'api_key' : 'session',
    apiVersion: null,
    person: null,
    impersonation: null,
  };
}

export const operator: Operator = {
  id: 'oper_test',
  email: 'ops@example.com',
  name: 'Ops',
  actor: 'operator:oper_test',
  permissions: new Set(OPERATOR_PERMISSIONS),
};

export function metaOf(over: Partial<CallMeta> = {}): CallMeta {
  return {
    requestId: 'req_test',
    ip: '192.0.2.1',
    userAgent: null,
    idempotencyKey: null,
    ifMatch: null,
    nowMs: systemClock.nowMs(),
    requestHash: '',
    ...over,
  };
}

interface RawInput {
  params?: object;
  query?: object;
  body?: object;
}

/**
 * Calls a use case as the dispatcher does, its input read by the route's schemas, and checks that the answer is what the
 * contract says: valid, and without anything that it does not name.
 */
export async function call<Id extends OperationId>(
  plane: Plane,
  operationId: Id,
  useCase: UseCase<Id>,
  caller: CallerOf<Id>,
  input: RawInput = {},
  meta: CallMeta = metaOf(),
): Promise<AnswerOf<Id>> {
  const route = routeOf(operationId);
  const parsed = {
    params: route.params?.parse(input.params ?? {}) ?? null,
    query: route.query?.parse(input.query ?? {}) ?? null,
    body: route.body?.parse(input.body ?? {}) ?? null,
  };
  const answer = await useCase(plane.ctx, caller, meta, parsed as never);
  const { schema } = route.response;
  if (schema) expect(schema.parse(answer)).toEqual(answer);
  return answer;
}
