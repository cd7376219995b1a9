'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import type { Member } from '@/api/types';
import { Pager } from '@/features/list/pager';
import { useUrlState } from '@/features/list/use-url-state';
import { lazily } from '@/lib/lazily';
import { useConsole } from '@/shell/console-context';
import { Badge } from '@/ui/badge';
import { Button, IconButton } from '@/ui/button';
import { Card, Section } from '@/ui/card';
import { Confirm } from '@/ui/confirm';
import { Select } from '@/ui/field';
import { Plus, Trash2 } from '@/ui/icons';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';
import { notify } from '@/ui/toast';
import { Invitations } from './invitations';
import { MEMBERS_PAGE } from './pages';
import { grantable, ORG_ROLE_ORDER, type OrgRole } from './roles';

const InviteDialog = lazily(() => import('./invite-dialog'));
const ProjectRolesDialog = lazily(() => import('./project-roles-dialog'));

export function MembersPage() {
  const t = useTranslations('members');
  const url = useUrlState();
  const { can } = useConsole();
  const [inviting, setInviting] = useState(false);
  const cursor = url.get('cursor');
  const members = useApi(
    'listMembers',
    { query: { limit: MEMBERS_PAGE, ...(cursor ? { cursor } : {}) } },
    { keepPrevious: true },
  );
  const button = can('member.create') && (
    <Button variant="primary" onClick={() => setInviting(true)}>
      <Plus className="size-4" />
      {t('invite')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} actions={button} />
      {members.error && !members.data ? (
        <ErrorNotice error={members.error} onRetry={() => void members.refetch()} />
      ) : (
        <Card flush className="overflow-hidden">
          <MemberTable members={members.data?.items ?? []} />
        </Card>
      )}
      <Pager
        cursor={cursor}
        nextCursor={members.data?.next_cursor}
        onGo={(next) => url.set({ cursor: next }, 'push')}
      />
      <div className="mt-8">
        <Section title={t('invitations')} description={t('invitationsText')} bare>
          <Invitations invite={button} />
        </Section>
      </div>
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </>
  );
}

function MemberTable({ members }: { members: readonly Member[] }) {
  const t = useTranslations('members');
  const common = useTranslations('common');
  const [removing, setRemoving] = useState<Member | null>(null);
  const [opening, setOpening] = useState<Member | null>(null);
  return (
    <>
      <Table label={t('title')}>
        <Head>
          <Th>{t('person')}</Th>
          <Th>{t('role')}</Th>
          <Th from="md">{t('projects')}</Th>
          <Th align="right" from="lg">
            {t('since')}
          </Th>
          <Th className="w-12">
            <span className="sr-only">{common('actions')}</span>
          </Th>
        </Head>
        <tbody>
          {members.map((member) => (
            <MemberRow
              key={member.id}
              member={member}
              onRemove={() => setRemoving(member)}
              onProjects={() => setOpening(member)}
            />
          ))}
        </tbody>
      </Table>
      {opening && <ProjectRolesDialog member={opening} onClose={() => setOpening(null)} />}
      {removing && <RemoveMember member={removing} onClose={() => setRemoving(null)} />}
    </>
  );
}

interface MemberRowProps {
  member: Member;
  onRemove: () => void;
  onProjects: () => void;
}

function MemberRow({ member, onRemove, onProjects }: MemberRowProps) {
  const t = useTranslations('members');
  const { me, membership, can } = useConsole();
  const mine = member.user_id === me.id;
  const within = grantable(membership.permissions).includes(member.role);
  return (
    <Tr>
      <Td>
        <span className="font-medium">{member.name}</span>
        {mine && <span className="ml-2 text-subtle text-xs">{t('you')}</span>}
        <span className="block max-w-56 truncate text-subtle text-xs">{member.email}</span>
      </Td>
      <Td>
        {can('member.modify') && within ? <RoleSelect member={member} /> : <Badge>{t(`roles.${member.role}`)}</Badge>}
      </Td>
      <Td from="md">
        <Button size="sm" variant="ghost" onClick={onProjects}>
          {t('projectCount', { count: member.project_roles.length })}
        </Button>
      </Td>
      <Td align="right" from="lg" className="text-muted">
        <Time at={member.created_at} style="date" />
      </Td>
      <Td align="right">
        {can('member.delete') && within && !mine && (
          <IconButton label={t('remove', { name: member.name })} onClick={onRemove}>
            <Trash2 className="size-4" />
          </IconButton>
        )}
      </Td>
    </Tr>
  );
}

function RoleSelect({ member }: { member: Member }) {
  const t = useTranslations('members');
  const { membership } = useConsole();
  const update = useApiMutation('updateMember', ['listMembers']);
  const change = async (role: OrgRole) => {
    try {
      await update.mutateAsync({ params: { membership_id: member.id }, body: { role } });
      notify(t('changed', { name: member.name, role: t(`roles.${role}`) }));
    } catch {
      // Said below the field.
    }
  };
  const roles = grantable(membership.permissions);
  return (
    <>
      <Select
        className="w-28 sm:w-36"
        aria-label={t('roleOf', { name: member.name })}
        value={member.role}
        disabled={update.isPending}
        onChange={(event) => void change(event.target.value as OrgRole)}
      >
        {ORG_ROLE_ORDER.filter((role) => roles.includes(role)).map((role) => (
          <option key={role} value={role}>
            {t(`roles.${role}`)}
          </option>
        ))}
      </Select>
      {update.error && <ErrorNotice error={update.error} className="mt-2" />}
    </>
  );
}

function RemoveMember({ member, onClose }: { member: Member; onClose: () => void }) {
  const t = useTranslations('members');
  const remove = useApiMutation('removeMember', ['listMembers']);
  const act = async () => {
    try {
      await remove.mutateAsync({ params: { membership_id: member.id } });
      notify(t('removed', { name: member.name }));
      onClose();
    } catch {
      // The dialog shows remove.error.
    }
  };
  return (
    <Confirm
      title={t('removeTitle', { name: member.name })}
      action={t('removeAction')}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => void act()}
      onClose={onClose}
    >
      {t('removeText')}
    </Confirm>
  );
}
