import { z } from 'zod';
import { created, ok, route } from '../route';
import { countedPage, idOf } from '../schemas/common';
import * as members from '../schemas/invitations';
import { pages, text } from './shared';

const byInvitation = z.strictObject({ invitation_id: idOf('invitation') });

/** How one is asked to join an organization, and joins. */
export const invitationRoutes = [
  route({
    operationId: 'listInvitations',
    method: 'GET',
    path: '/v1/invitations',
    tag: 'Members',
    permission: 'member.read',
    summary: text('List invitations, newest first', '列出邀请（最新在前）'),
    cli: 'invitations list',
    query: pages,
    response: ok(countedPage(members.invitation)),
  }),
  route({
    operationId: 'createInvitation',
    method: 'POST',
    path: '/v1/invitations',
    tag: 'Members',
    permission: 'member.create',
    summary: text('Invite an address by mail; the link lives 72 hours', '通过邮件邀请成员（链接 72 小时内有效）'),
    cli: 'invitations create',
    body: members.createInvitationBody,
    response: created(members.invitation),
    errors: ['conflict', 'unprocessable', 'rate_limited', 'reauthentication_required'],
  }),
  route({
    operationId: 'getInvitation',
    method: 'GET',
    path: '/v1/invitations/{invitation_id}',
    tag: 'Members',
    permission: 'member.read',
    summary: text('Read an invitation', '查看邀请'),
    cli: 'invitations get',
    params: byInvitation,
    response: ok(members.invitation),
  }),
  route({
    operationId: 'resendInvitation',
    method: 'POST',
    path: '/v1/invitations/{invitation_id}/resend',
    tag: 'Members',
    permission: 'member.create',
    summary: text('Send the mail again, with a new link; the old one ends', '重新发送邀请邮件（旧链接失效）'),
    cli: 'invitations resend',
    params: byInvitation,
    response: ok(members.invitation),
    errors: ['conflict', 'rate_limited'],
  }),
  route({
    operationId: 'revokeInvitation',
    method: 'DELETE',
    path: '/v1/invitations/{invitation_id}',
    tag: 'Members',
    permission: 'member.create',
    summary: text('Take an invitation back', '撤回邀请'),
    cli: 'invitations revoke',
    params: byInvitation,
    errors: ['conflict'],
  }),
  route({
    operationId: 'acceptInvitation',
    method: 'POST',
    path: '/v1/invitations/accept',
    tag: 'Members',
    auth: 'user',
    summary: text('Accept an invitation to your verified address', '接受邀请（须为已验证邮箱本人）'),
    cli: 'invitations accept',
    body: members.acceptInvitationBody,
    response: ok(members.acceptedInvitation),
    errors: ['permission_denied', 'email_not_verified', 'not_found', 'gone'],
  }),
] as const;
