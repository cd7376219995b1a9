import { describe, expect, it } from 'vitest';
import { ERROR_CATALOGUE } from '../src/errors';
import { ID_PREFIXES, isId, mintId } from '../src/ids';
import { KEY_SCOPES, ORG_ROLES, PERMISSIONS, permissionsOfScopes, ROLE_PERMISSIONS } from '../src/permissions';

describe('ids', () => {
  it('have unique prefixes and recognise only their own kind', () => {
    const prefixes = Object.values(ID_PREFIXES);
    expect(new Set(prefixes).size).toBe(prefixes.length);
    const id = mintId('workloadInstance', 1_790_000_000_000);
    expect(isId('workloadInstance', id)).toBe(true);
    expect(isId('workloadCluster', id)).toBe(false);
  });

  it('sort by the time they were minted', () => {
    const times = [0, 1, 1_000, 1_790_000_000_000, 1_790_000_000_001, 2 ** 47];
    const ids = times.map((at) => mintId('operation', at));
    expect([...ids].sort()).toEqual(ids);
  });
});

describe('permissions', () => {
  it('give the owner everything and the auditor only reading', () => {
    expect(ROLE_PERMISSIONS.owner.size).toBe(PERMISSIONS.length);
    for (const permission of ROLE_PERMISSIONS.auditor) expect(permission).toMatch(/\.read$/);
  });

  it('name only permissions that exist, in every role and scope', () => {
    const known = new Set<string>(PERMISSIONS);
    for (const role of ORG_ROLES)
      for (const permission of ROLE_PERMISSIONS[role]) expect(known.has(permission)).toBe(true);
    for (const scope of Object.keys(KEY_SCOPES)) {
      for (const permission of permissionsOfScopes([scope])) expect(known.has(permission)).toBe(true);
    }
  });

  it('open nothing for an unknown scope', () => {
    expect(permissionsOfScopes(['root', '__proto__', 'constructor']).size).toBe(0);
  });
});

describe('the error catalogue', () => {
  it('has a title in both languages and an error status for every code', () => {
    for (const [code, entry] of Object.entries(ERROR_CATALOGUE)) {
      expect(entry.title.en, code).toMatch(/[a-z]/i);
      expect(entry.title.zh, code).toMatch(/[\u4e00-\u9fff]/);
      expect(entry.status, code).toBeGreaterThanOrEqual(400);
    }
  });
});
