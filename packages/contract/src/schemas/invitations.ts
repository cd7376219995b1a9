import { z } from 'zod';
import { idOf, timestamp } from './common';
import { email } from './identity';
import { orgRole, projectRole } from './members';

export const invitation = z
  .object({
    id: idOf('invitation'),
    email: z.string(),
    role: orgRole,
    project_id: idOf('project').nullable(),
    project_role: projectRole.nullable(),
    status: z.enum(['pending', 'accepted', 'expired', 'revoked']),
    invited_by: z.string(),
    sends: z.number().int().describe('Mails so far'),
    sent_at: timestamp,
    expires_at: timestamp,
    accepted_at: timestamp.nullable(),
    created_at: timestamp,
  })
  .meta({ id: 'Invitation' });
export const createInvitationBody = z.strictObject({
  email,
  role: orgRole.default('member'),
  project_id: idOf('project').optional().describe('A first project'),
  project_role: projectRole.optional().describe('The role in it; default: viewer'),
});
export const acceptInvitationBody = z.strictObject({
  token: z
    .string()
    .regex(/^[0-9A-Za-z_-]{43}$/, 'the token of the invitation mail')
    .describe('From the link in the mail; it opens nothing but for the address it was sent to'),
});
export const acceptedInvitation = z
  .object({
    organization: z.object({ id: idOf('organization'), slug: z.string(), name: z.string() }),
    membership_id: idOf('membership'),
    role: orgRole,
  })
  .meta({ id: 'AcceptedInvitation' });
