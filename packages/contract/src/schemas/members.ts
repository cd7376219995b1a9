import { ORG_ROLES, PROJECT_ROLES } from '@suanxiang/domain/permissions';
import { z } from 'zod';
import { idOf, timestamp } from './common';

export const orgRole = z.enum(ORG_ROLES);
export const projectRole = z.enum(PROJECT_ROLES);

export const member = z
  .object({
    id: idOf('membership'),
    user_id: z.string(),
    name: z.string(),
    email: z.string(),
    role: orgRole,
    project_roles: z
      .array(z.object({ project_id: idOf('project'), role: projectRole }))
      .describe('What the role opens in single projects, beside the role in the organization'),
    second_factor: z.boolean().describe('Has an authenticator app or a passkey'),
    created_at: timestamp,
  })
  .meta({ id: 'Member' });
export const updateMemberBody = z.strictObject({ role: orgRole });
export const transferOwnershipBody = z.strictObject({
  membership_id: idOf('membership').describe('The member who becomes an owner; you become an admin'),
});
export const closeOrganizationBody = z.strictObject({
  slug: z.string().max(64).describe('The slug of the organization, so that no other is closed by mistake'),
});

export const projectMember = z
  .object({
    membership_id: idOf('membership'),
    user_id: z.string(),
    name: z.string(),
    email: z.string(),
    role: projectRole,
    created_at: timestamp,
  })
  .meta({ id: 'ProjectMember' });
export const setProjectMemberBody = z.strictObject({ membership_id: idOf('membership'), role: projectRole });
