'use client';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import type { Member } from '@/api/types';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { buttonClass } from '@/ui/button-class';
import { Section } from '@/ui/card';
import { Confirm } from '@/ui/confirm';
import { Notice } from '@/ui/notice';
import { notify } from '@/ui/toast';

/** Most members that are looked at to say whom the demand would shut out. */
const LOOKED_AT = 100;

/** Whether members must have signed in with a second factor: with whom that would shut out, said before. */
export function RequireFactor() {
  const t = useTranslations('settings.factor');
  const { organization, membership } = useConsole();
  const [asking, setAsking] = useState(false);
  const security = useApi('getAccountSecurity', {});
  const on = organization.require_mfa;
  const owner = membership.role === 'owner';
  const lacksOwn = owner && security.data !== undefined && security.data.aal < 2;
  return (
    <Section
      title={t('title')}
      description={t('text')}
      actions={<Badge tone={on ? 'success' : 'neutral'}>{on ? t('on') : t('off')}</Badge>}
    >
      {lacksOwn ? (
        <Notice
          tone="info"
          title={t('ownFirst')}
          action={
            <Link href={paths.accountSecurity} className={buttonClass('secondary', 'sm')}>
              {t('toSecurity')}
            </Link>
          }
        >
          {t('ownFirstText')}
        </Notice>
      ) : owner ? (
        <Button onClick={() => setAsking(true)}>{on ? t('turnOff') : t('turnOn')}</Button>
      ) : (
        <p className="text-muted text-sm">{t('ownersOnly')}</p>
      )}
      {asking && <Ask on={on} onClose={() => setAsking(false)} />}
    </Section>
  );
}

function Ask({ on, onClose }: { on: boolean; onClose: () => void }) {
  const t = useTranslations('settings.factor');
  const common = useTranslations('common');
  const router = useRouter();
  const { organization } = useConsole();
  const update = useApiMutation('updateOrganization', ['getOrganization']);
  const members = useApi('listMembers', { query: { limit: LOOKED_AT } }, { enabled: !on });
  const act = async () => {
    try {
      await update.mutateAsync({ params: { organization_id: organization.id }, body: { require_mfa: !on } });
      notify(common('saved'));
      onClose();
      router.refresh();
    } catch {
      // The dialog shows update.error.
    }
  };
  return (
    <Confirm
      title={on ? t('offTitle') : t('onTitle')}
      action={on ? t('turnOff') : t('turnOn')}
      danger={on}
      busy={update.isPending}
      error={update.error ?? members.error}
      onConfirm={() => void act()}
      onClose={onClose}
    >
      {on ? <p>{t('offText')}</p> : <Consequence members={members.data?.items} />}
    </Confirm>
  );
}

/** Who can do nothing in the organisation any more until they have added a second factor. */
function Consequence({ members }: { members: readonly Member[] | undefined }) {
  const t = useTranslations('settings.factor');
  const common = useTranslations('common');
  if (!members) return <p aria-busy="true">{common('loading')}</p>;
  const without = members.filter((member) => !member.second_factor);
  return (
    <div className="space-y-3">
      <p>{without.length === 0 ? t('nobodyOut') : t('lockedOut', { count: without.length })}</p>
      {without.length > 0 && (
        <ul className="max-h-48 divide-y divide-line overflow-y-auto rounded-md border border-line">
          {without.map((member) => (
            <li key={member.id} className="px-3 py-1.5">
              <span className="font-medium text-content">{member.name}</span>
              <span className="block truncate text-xs">{member.email}</span>
            </li>
          ))}
        </ul>
      )}
      <p>{t('onText')}</p>
    </div>
  );
}
