import type { Member } from '@/api/types';

export type OrgRole = Member['role'];

export const ORG_ROLE_ORDER: readonly OrgRole[] = ['owner', 'admin', 'billing', 'auditor', 'member'];
export const PROJECT_ROLE_ORDER = ['viewer', 'operator', 'admin'] as const;

/** What one must hold to hand a role out, by what sets the roles apart. The API decides again. */
const NEEDS: Record<OrgRole, readonly string[]> = {
  owner: ['organization.delete'],
  admin: ['member.modify'],
  billing: ['billing.modify'],
  auditor: ['audit.read'],
  member: ['ssh_key.create'],
};

/** Roles that somebody with these permissions may hand out. */
export function grantable(permissions: readonly string[]): OrgRole[] {
  return ORG_ROLE_ORDER.filter((role) => NEEDS[role].every((one) => permissions.includes(one)));
}
