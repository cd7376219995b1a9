'use client';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import type { Webhook } from '@/api/types';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Notice } from '@/ui/notice';
import { notify } from '@/ui/toast';
import { SecretNote } from './secret-note';
import { WebhookForm } from './webhook-form';

/**
 * The form of a webhook beside the page, at an address of its own. What was typed is not lost by a slip: leaving asks first,
 * inside the panel and when the tab is closed.
 */
export default function WebhookPanel({ webhook }: { webhook: Webhook | null }) {
  const t = useTranslations('webhooks');
  const common = useTranslations('common');
  const router = useRouter();
  const { orgSlug } = useConsole();
  const [dirty, setDirty] = useState(false);
  const [asking, setAsking] = useState(false);
  const [made, setMade] = useState<{ webhook: Webhook; secret: string | null } | null>(null);
  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [dirty]);
  const back = webhook ? paths.webhook(orgSlug, webhook.id) : paths.webhooks(orgSlug);
  const leave = () => router.push(made ? paths.webhook(orgSlug, made.webhook.id) : back, { scroll: false });
  const close = () => (dirty ? setAsking(true) : leave());
  const done = (saved: Webhook, secret: string | null) => {
    setDirty(false);
    if (webhook) {
      notify(common('saved'));
      router.push(back, { scroll: false });
    } else setMade({ webhook: saved, secret });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={made ? t('madeTitle') : webhook ? t('edit') : t('create')}
      description={made ? undefined : t('formText')}
      placement="side"
    >
      {asking && (
        <Notice
          tone="warning"
          className="mb-4"
          live
          title={t('leaveTitle')}
          action={
            <>
              <Button size="sm" onClick={() => setAsking(false)}>
                {t('stay')}
              </Button>
              <Button size="sm" variant="danger" onClick={leave}>
                {t('discard')}
              </Button>
            </>
          }
        />
      )}
      {made ? (
        <SecretNote secret={made.secret} onStored={leave} />
      ) : (
        <WebhookForm webhook={webhook} onDirty={() => setDirty(true)} onCancel={close} onDone={done} />
      )}
    </Dialog>
  );
}
