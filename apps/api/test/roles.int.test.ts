import { readFileSync } from 'node:fs';
import {
  ORG_ROLES,
  PERMISSIONS,
  type Permission,
  PROJECT_ROLE_PERMISSIONS,
  PROJECT_ROLES,
  ROLE_PERMISSIONS,
} from '@suanxiang/domain/permissions';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addNode } from '../../../packages/services/test/support/fleet';
import { type Api, openApi } from './support/api';
import { attemptOf, documentedOperations } from './support/matrix';
import { addPerson } from './support/person';
import { addTenant, type Tenant } from './support/tenant';
import { type Ids, populate, randomIds } from './support/two-tenants';

/** Leaving comes last: nothing can be tried after it. */
const operations = documentedOperations()
  .filter(({ permission, plane }) => permission !== null && plane === 'tenant')
  .sort((a, b) => Number(a.id === 'leaveOrganization') - Number(b.id === 'leaveOrganization'));

let api: Api;
let admin: pg.Client;
let tenant: Tenant;
let own: Ids;
beforeAll(async () => {
  api = await openApi();
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
  for (const id of ['n1', 'n2', 'n3', 'n4']) await addNode(api.plane.sql, id);
  tenant = await addTenant(api);
  own = await populate(api, admin, tenant);
});
afterAll(async () => {
  await admin?.end();
  await api?.close();
});
beforeEach(() => api.plane.ctx.redis.flushdb());

/** Permissions that a role was refused for, and those that it was let through with, over every operation. */
async function tryEverything(role: string, projectRole: string | null) {
  const [refused, opened] = [new Set<string>(), new Set<string>()];
  const { userId, sender } = await addPerson(api, admin, tenant, role);
  if (projectRole) {
    await admin.query(`INSERT INTO project_member (org_id, project_id, user_id, role) VALUES ($1, $2, $3, $4)`, [
      tenant.orgId,
      tenant.projectId,
      userId,
      projectRole,
    ]);
  }
  for (const operation of operations) {
    // Ids of nothing: what is allowed finds nothing to change.
    const ids = { ...randomIds(own), organization: tenant.orgId };
    const attempt = attemptOf(operation, ids);
    const orgId = operation.path.startsWith('/v1/organizations/') ? null : tenant.orgId;
    const reply = await api.send(
      operation.method,
      attempt.url,
      { token: sender.token!, orgId, headers: { 'idempotency-key': `${role}-${projectRole}-${operation.id}` } },
      attempt.body,
    );
    const isRefused = reply.status === 403 && reply.json.required_permission === operation.permission;
    (isRefused ? refused : opened).add(operation.permission!);
  }
  return { refused, opened };
}

/** Marks of a column of a table in docs/generated/permissions.md. */
function printed(heading: string, role: string): Set<string> {
  const file = readFileSync(new URL('../../../docs/generated/permissions.md', import.meta.url), 'utf8');
  const section = file.split(`## ${heading}\n`)[1]!.split('\n## ')[0]!;
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const column = cells(rows[0]!).indexOf(role);
  const marked = rows
    .slice(2)
    .map(cells)
    .filter((row) => row[column] === '●');
  return new Set(marked.map((row) => row[0]!.replaceAll('`', '')));
}

describe('every role against every operation does what docs/generated/permissions.md prints', () => {
  const used = new Set(operations.map(({ permission }) => permission!));

  test.each(ORG_ROLES)('in the organization: %s', async (role) => {
    const { refused, opened } = await tryEverything(role, null);
    const marked = printed('Roles in an organization', role);
    for (const permission of used) {
      expect(opened.has(permission), permission).toBe(marked.has(permission));
      expect(refused.has(permission), permission).toBe(!marked.has(permission));
    }
    expect(marked).toEqual(new Set(ROLE_PERMISSIONS[role]));
  });

  test.each(PROJECT_ROLES)('in a project, beside being a member: %s', async (role) => {
    const { opened } = await tryEverything('member', role);
    const marked = new Set([...printed('Roles in a project', role), ...printed('Roles in an organization', 'member')]);
    for (const permission of used) expect(opened.has(permission), permission).toBe(marked.has(permission));
    expect(printed('Roles in a project', role)).toEqual(new Set(PROJECT_ROLE_PERMISSIONS[role]));
  });

  test('no permission is there without an operation that asks for it', () => {
    const idle: Permission[] = PERMISSIONS.filter((permission) => !used.has(permission));
    expect(idle).toEqual(IDLE);
  });
});

/** Asked for by what is inside an operation only. It may only shrink. */
const IDLE: Permission[] = [];
