'use client';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import type { Invitation } from '@/api/types';
import { useConsole } from '@/shell/console-context';
import { Badge, type Tone } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { Confirm } from '@/ui/confirm';
import { EmptyState } from '@/ui/empty-state';
import { Mail } from '@/ui/icons';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';
import { notify } from '@/ui/toast';

const TONES: Record<Invitation['status'], Tone> = {
  pending: 'info',
  accepted: 'success',
  expired: 'warning',
  revoked: 'neutral',
};

/** The newest invitations; the open ones can be sent again or taken back. */
export function Invitations({ invite }: { invite: ReactNode }) {
  const t = useTranslations('members');
  const common = useTranslations('common');
  const [revoking, setRevoking] = useState<Invitation | null>(null);
  const invitations = useApi('listInvitations', { query: { limit: 50 } });
  if (invitations.error && !invitations.data) {
    return <ErrorNotice error={invitations.error} onRetry={() => void invitations.refetch()} />;
  }
  const items = invitations.data?.items ?? [];
  if (invitations.data && items.length === 0) {
    return (
      <Card flush>
        <EmptyState icon={<Mail />} title={t('noInvitations')} action={invite}>
          {t('noInvitationsText')}
        </EmptyState>
      </Card>
    );
  }
  return (
    <Card flush className="overflow-hidden">
      <Table label={t('invitations')}>
        <Head>
          <Th>{t('address')}</Th>
          <Th from="sm">{t('role')}</Th>
          <Th>{t('status')}</Th>
          <Th from="lg">{t('until')}</Th>
          <Th align="right">
            <span className="sr-only">{common('actions')}</span>
          </Th>
        </Head>
        <tbody>
          {items.map((invitation) => (
            <InvitationRow key={invitation.id} invitation={invitation} onRevoke={() => setRevoking(invitation)} />
          ))}
        </tbody>
      </Table>
      {revoking && <Revoke invitation={revoking} onClose={() => setRevoking(null)} />}
    </Card>
  );
}

function InvitationRow({ invitation, onRevoke }: { invitation: Invitation; onRevoke: () => void }) {
  const t = useTranslations('members');
  const { can } = useConsole();
  const resend = useApiMutation('resendInvitation', ['listInvitations']);
  const open = invitation.status === 'pending' || invitation.status === 'expired';
  const again = async () => {
    try {
      await resend.mutateAsync({ params: { invitation_id: invitation.id } });
      notify(t('sentAgain', { email: invitation.email }));
    } catch {
      // Said below.
    }
  };
  return (
    <Tr>
      <Td>
        <span className="block max-w-56 truncate">{invitation.email}</span>
        {resend.error && <ErrorNotice error={resend.error} className="mt-2" />}
      </Td>
      <Td from="sm">{t(`roles.${invitation.role}`)}</Td>
      <Td>
        <Badge tone={TONES[invitation.status]}>{t(`statuses.${invitation.status}`)}</Badge>
      </Td>
      <Td from="lg" className="text-muted">
        <Time at={invitation.expires_at} />
      </Td>
      <Td align="right">
        {open && can('member.create') && (
          <span className="inline-flex flex-wrap justify-end gap-2">
            <Button size="sm" busy={resend.isPending} onClick={() => void again()}>
              {t('sendAgain')}
            </Button>
            <Button size="sm" variant="ghost" onClick={onRevoke}>
              {t('revoke')}
            </Button>
          </span>
        )}
      </Td>
    </Tr>
  );
}

function Revoke({ invitation, onClose }: { invitation: Invitation; onClose: () => void }) {
  const t = useTranslations('members');
  const revoke = useApiMutation('revokeInvitation', ['listInvitations']);
  const act = async () => {
    try {
      await revoke.mutateAsync({ params: { invitation_id: invitation.id } });
      onClose();
    } catch {
      // The dialog shows revoke.error.
    }
  };
  return (
    <Confirm
      title={t('revokeTitle', { email: invitation.email })}
      action={t('revoke')}
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => void act()}
      onClose={onClose}
    >
      {t('revokeText')}
    </Confirm>
  );
}
