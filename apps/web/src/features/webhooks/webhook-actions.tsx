'use client';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApiMutation } from '@/api/hooks';
import type { Webhook } from '@/api/types';
import { lazily } from '@/lib/lazily';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { iconButtonClass } from '@/ui/button-class';
import { Confirm } from '@/ui/confirm';
import { CirclePause, EllipsisVertical, KeyRound, PencilLine, Send, Trash2 } from '@/ui/icons';
import { Menu, type MenuEntry } from '@/ui/menu';
import { ErrorNotice } from '@/ui/problem';
import { notify } from '@/ui/toast';

const RotateDialog = lazily(() => import('./rotate-dialog'));

/** Turns a webhook on again: it goes on with what happens from then on. */
export function TurnOn({ webhook }: { webhook: Webhook }) {
  const t = useTranslations('webhooks');
  const { can } = useConsole();
  const update = useApiMutation('updateWebhook', ['getWebhook', 'listWebhooks']);
  if (!can('webhook.modify')) return null;
  return (
    <>
      <Button
        size="sm"
        busy={update.isPending}
        onClick={() => update.mutate({ params: { webhook_id: webhook.id }, body: { status: 'enabled' } })}
      >
        {t('turnOn')}
      </Button>
      {update.error && <ErrorNotice error={update.error} />}
    </>
  );
}

/** Test, edit, rotate, turn off and delete. */
export function WebhookActions({ webhook }: { webhook: Webhook }) {
  const t = useTranslations('webhooks');
  const common = useTranslations('common');
  const router = useRouter();
  const { orgSlug, can } = useConsole();
  const [open, setOpen] = useState<'rotate' | 'off' | 'delete' | null>(null);
  const probe = useApiMutation('probeWebhook', ['listWebhookDeliveries']);
  const mayChange = can('webhook.modify');
  const blocked = mayChange ? null : t('notAllowed');
  const params = { webhook_id: webhook.id };
  const entries: MenuEntry[] = [
    {
      kind: 'item',
      key: 'rotate',
      label: t('rotate'),
      icon: <KeyRound className="size-4" />,
      blocked,
      onSelect: () => setOpen('rotate'),
    },
    {
      kind: 'item',
      key: 'off',
      label: t('turnOff'),
      icon: <CirclePause className="size-4" />,
      blocked: blocked ?? (webhook.status === 'enabled' ? null : t('isOff')),
      onSelect: () => setOpen('off'),
    },
    { kind: 'separator', key: 'line' },
    {
      kind: 'item',
      key: 'delete',
      label: t('delete'),
      icon: <Trash2 className="size-4" />,
      danger: true,
      blocked: can('webhook.delete') ? null : t('notAllowed'),
      onSelect: () => setOpen('delete'),
    },
  ];
  return (
    <>
      {probe.error && <ErrorNotice error={probe.error} />}
      {mayChange && (
        <>
          <Button
            busy={probe.isPending}
            onClick={() => probe.mutate({ params }, { onSuccess: () => notify(t('probed')) })}
          >
            <Send className="size-4" />
            {t('probe')}
          </Button>
          <Button onClick={() => router.push(paths.editWebhook(orgSlug, webhook.id), { scroll: false })}>
            <PencilLine className="size-4" />
            {t('edit')}
          </Button>
        </>
      )}
      <Menu label={common('actions')} buttonClassName={iconButtonClass('secondary')} entries={entries}>
        <EllipsisVertical className="size-4" />
      </Menu>
      {open === 'rotate' && <RotateDialog webhook={webhook} onClose={() => setOpen(null)} />}
      {open === 'off' && <TurnOff webhook={webhook} onClose={() => setOpen(null)} />}
      {open === 'delete' && <Delete webhook={webhook} onClose={() => setOpen(null)} />}
    </>
  );
}

interface AskProps {
  webhook: Webhook;
  onClose: () => void;
}

function TurnOff({ webhook, onClose }: AskProps) {
  const t = useTranslations('webhooks');
  const update = useApiMutation('updateWebhook', ['getWebhook', 'listWebhooks']);
  return (
    <Confirm
      title={t('turnOffTitle')}
      action={t('turnOff')}
      danger={false}
      busy={update.isPending}
      error={update.error}
      onConfirm={() =>
        update.mutate({ params: { webhook_id: webhook.id }, body: { status: 'disabled' } }, { onSuccess: onClose })
      }
      onClose={onClose}
    >
      {t('offGap')}
    </Confirm>
  );
}

function Delete({ webhook, onClose }: AskProps) {
  const t = useTranslations('webhooks');
  const router = useRouter();
  const { orgSlug } = useConsole();
  const remove = useApiMutation('deleteWebhook', ['listWebhooks']);
  const gone = () => {
    notify(t('deleted'));
    router.push(paths.webhooks(orgSlug));
  };
  return (
    <Confirm
      title={t('deleteTitle', { url: webhook.url })}
      action={t('delete')}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ params: { webhook_id: webhook.id } }, { onSuccess: gone })}
      onClose={onClose}
    >
      {t('deleteText')}
    </Confirm>
  );
}
