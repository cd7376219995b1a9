/** Roles, permissions and API-key scopes as one table; nothing else decides who may do what. */
export const PERMISSIONS = [
  'organization.read',
  'organization.modify',
  'organization.delete',
  'project.read',
  'project.create',
  'member.read',
  'member.create',
  'member.modify',
  'member.delete',
  'project_member.read',
  'project_member.modify',
  'ssh_key.read',
  'ssh_key.create',
  'ssh_key.delete',
  'api_key.read',
  'api_key.create',
  'api_key.modify',
  'api_key.delete',
  'instance.read',
  'instance.create',
  'instance.modify',
  'instance.delete',
  'instance.connect',
  'cluster.read',
  'cluster.create',
  'cluster.modify',
  'cluster.delete',
  'cluster.connect',
  'usage.read',
  'billing.read',
  'billing.modify',
  'quota.read',
  'quota.modify',
  'quota_request.read',
  'quota_request.create',
  'share.modify',
  'audit.read',
  'event.read',
  'webhook.read',
  'webhook.create',
  'webhook.modify',
  'webhook.delete',
  'impersonation.modify',
  'test_clock.modify',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const ORG_ROLES = ['owner', 'admin', 'billing', 'auditor', 'member'] as const;
export type OrgRole = (typeof ORG_ROLES)[number];

const READS = PERMISSIONS.filter((permission) => permission.endsWith('.read'));
const COMPUTE = PERMISSIONS.filter((permission) => /^(instance|cluster|ssh_key)\./.test(permission));

/** Money, the end of the organisation, and who may look into it are its owners' alone. */
const OWNERS_ONLY: ReadonlySet<Permission> = new Set<Permission>([
  'billing.modify',
  'organization.delete',
  'impersonation.modify',
]);

export const ROLE_PERMISSIONS: Record<OrgRole, ReadonlySet<Permission>> = {
  owner: new Set(PERMISSIONS),
  admin: new Set(PERMISSIONS.filter((permission) => !OWNERS_ONLY.has(permission))),
  billing: new Set<Permission>([
    'organization.read',
    'project.read',
    'usage.read',
    'billing.read',
    'billing.modify',
    'quota.read',
    'event.read',
  ]),
  auditor: new Set(READS),
  // Projects are opened to a member one by one, by a role in each.
  member: new Set<Permission>([
    'organization.read',
    'quota.read',
    'ssh_key.read',
    'ssh_key.create',
    'ssh_key.delete',
    'event.read',
  ]),
};

export const PROJECT_ROLES = ['admin', 'operator', 'viewer'] as const;
export type ProjectRole = (typeof PROJECT_ROLES)[number];

const OPERATE: readonly Permission[] = [...COMPUTE, 'project.read', 'usage.read', 'quota.read', 'event.read'];

/** What a role in a project opens in that project; SSH keys are the organisation's and come along. */
export const PROJECT_ROLE_PERMISSIONS: Record<ProjectRole, ReadonlySet<Permission>> = {
  admin: new Set<Permission>([...OPERATE, 'project_member.read', 'project_member.modify']),
  operator: new Set(OPERATE),
  viewer: new Set(OPERATE.filter((permission) => permission.endsWith('.read'))),
};

/** True when nothing in `wanted` goes beyond `own`: nobody hands out, changes or takes away more than they have. */
export function isWithin(wanted: ReadonlySet<Permission>, own: ReadonlySet<Permission>): boolean {
  return [...wanted].every((permission) => own.has(permission));
}

/** What no key may do, whatever its scopes: it needs a person who can be asked. */
const PEOPLE_ONLY: ReadonlySet<Permission> = new Set<Permission>(['organization.delete', 'impersonation.modify']);

/** Scopes that bundle what a kind of work needs. */
const BROAD: Record<string, ReadonlySet<Permission>> = {
  'all:read': new Set(READS),
  'all:write': new Set(PERMISSIONS.filter((permission) => !PEOPLE_ONLY.has(permission))),
  'compute:read': new Set<Permission>([
    'instance.read',
    'cluster.read',
    'ssh_key.read',
    'project.read',
    'quota.read',
    'event.read',
  ]),
  'compute:write': new Set<Permission>([...COMPUTE, 'project.read', 'quota.read', 'event.read']),
  'billing:read': new Set<Permission>(['usage.read', 'billing.read', 'organization.read', 'event.read']),
};
export const BROAD_SCOPES = Object.keys(BROAD);

/** Resources whose scopes are not named by their plural. */
const SCOPE_NAMES: Record<string, string> = {
  organization: 'organization',
  usage: 'usage',
  billing: 'billing',
  audit: 'audit',
  test_clock: 'test-clock',
};

/** `instances:read` and `instances:write` and so on: one resource each; writing includes reading. */
function scopesOfResources(): [string, ReadonlySet<Permission>][] {
  const resources = [...new Set(PERMISSIONS.map((permission) => permission.split('.')[0]!))];
  return resources.flatMap((resource) => {
    const own = PERMISSIONS.filter(
      (permission) => permission.startsWith(`${resource}.`) && !PEOPLE_ONLY.has(permission),
    );
    const reads = own.filter((permission) => permission.endsWith('.read'));
    const name = SCOPE_NAMES[resource] ?? `${resource.replaceAll('_', '-')}s`;
    return [
      ...(reads.length > 0 ? [[`${name}:read`, new Set(reads)] as [string, ReadonlySet<Permission>]] : []),
      ...(own.length > reads.length ? [[`${name}:write`, new Set(own)] as [string, ReadonlySet<Permission>]] : []),
    ];
  });
}

/** Scopes an API key may carry, and what each opens. A key's power is its scopes and nothing more. */
export const KEY_SCOPES: Record<string, ReadonlySet<Permission>> = {
  ...BROAD,
  ...Object.fromEntries(scopesOfResources().filter(([name]) => !Object.hasOwn(BROAD, name))),
};

/** The most that a key bound to one project can do: nothing that concerns the organisation as a whole. */
export const PROJECT_KEY_PERMISSIONS: ReadonlySet<Permission> = new Set<Permission>([
  ...COMPUTE.filter((permission) => !/^ssh_key\.(create|delete)$/.test(permission)),
  'project.read',
  'quota.read',
  'usage.read',
  'event.read',
]);

/** Union of what the scopes open. Unknown scopes open nothing. */
export function permissionsOfScopes(scopes: readonly string[]): Set<Permission> {
  const granted = new Set<Permission>();
  for (const scope of scopes) {
    if (!Object.hasOwn(KEY_SCOPES, scope)) continue;
    for (const permission of KEY_SCOPES[scope] ?? []) granted.add(permission);
  }
  return granted;
}
