'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApiMutation } from '@/api/hooks';
import type { Webhook } from '@/api/types';
import { useContractForm } from '@/forms/use-contract-form';
import { lazily } from '@/lib/lazily';
import { Button } from '@/ui/button';
import { DialogActions } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { Terminal } from '@/ui/icons';
import { ErrorNotice } from '@/ui/problem';
import { Segmented } from '@/ui/segmented';
import { EventTypePicker } from './event-type-picker';

const CodeDialog = lazily(() => import('@/features/code/code-dialog'));

interface WebhookFormProps {
  /** The webhook to change, or null for a new one. */
  webhook: Webhook | null;
  onDirty: () => void;
  onCancel: () => void;
  /** The secret is there for a new webhook alone. */
  onDone: (webhook: Webhook, secret: string | null) => void;
}

/** Address, purpose and event types of a webhook. */
export function WebhookForm({ webhook, onDirty, onCancel, onDone }: WebhookFormProps) {
  const t = useTranslations('webhooks');
  const common = useTranslations('common');
  const [types, setTypes] = useState<readonly string[]>(webhook?.event_types ?? []);
  const [which, setWhich] = useState<'all' | 'some'>(webhook && webhook.event_types.length > 0 ? 'some' : 'all');
  const [code, setCode] = useState<object | null>(null);
  const create = useApiMutation('createWebhook', ['listWebhooks']);
  const update = useApiMutation('updateWebhook', ['listWebhooks', 'getWebhook']);
  const bodyOf = ({ url = '', description = '' }: Record<string, string>) => ({
    url: url.trim(),
    description: description.trim(),
    event_types: which === 'all' ? [] : [...types],
  });
  const form = useContractForm({
    schema: async () => (await import('@suanxiang/contract/schemas/events')).createWebhookBody,
    body: bodyOf,
    send: async (body) => {
      if (webhook) return onDone(await update.mutateAsync({ params: { webhook_id: webhook.id }, body }), null);
      const made = await create.mutateAsync({ body });
      onDone(made.webhook, made.secret);
    },
  });
  const showCode = () => {
    const fields = [...new FormData(form.ref.current ?? undefined)].map(([name, value]) => [name, String(value)]);
    setCode(bodyOf(Object.fromEntries(fields)));
  };
  const missing = which === 'some' && types.length === 0;
  return (
    <form ref={form.ref} onSubmit={form.onSubmit} onChange={onDirty} noValidate className="space-y-5">
      <Field label={t('url')} hint={t('urlHint')} error={form.problemOf('url', t('urlRule'))}>
        {(control) => (
          <Input
            {...control}
            name="url"
            type="url"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            maxLength={2048}
            defaultValue={webhook?.url}
            placeholder="https://hooks.example.com/suanxiang"
            className="font-mono"
          />
        )}
      </Field>
      <Field label={t('purpose')} optional={common('optional')} error={form.problemOf('description', t('purposeRule'))}>
        {(control) => <Input {...control} name="description" maxLength={200} defaultValue={webhook?.description} />}
      </Field>
      <div>
        <p className="mb-2 font-medium text-sm">{t('types')}</p>
        <Segmented
          label={t('types')}
          value={which}
          onChange={setWhich}
          options={[
            { value: 'all', label: t('allTypes') },
            { value: 'some', label: t('someTypes') },
          ]}
        />
        {which === 'some' && (
          <div className="mt-4">
            <EventTypePicker chosen={types} onChange={setTypes} />
            {missing && <p className="mt-2 text-subtle text-xs">{t('noneChosen')}</p>}
          </div>
        )}
      </div>
      {form.error !== null && <ErrorNotice error={form.error} />}
      <DialogActions>
        <Button variant="ghost" onClick={showCode} className="mr-auto">
          <Terminal className="size-4" />
          {common('showCode')}
        </Button>
        <Button onClick={onCancel}>{common('cancel')}</Button>
        <Button type="submit" variant="primary" busy={form.busy} disabled={missing}>
          {webhook ? common('save') : t('create')}
        </Button>
      </DialogActions>
      {code && (
        <CodeDialog
          title={common('showCode')}
          calls={[
            webhook
              ? {
                  label: t('edit'),
                  operationId: 'updateWebhook',
                  input: { params: { webhook_id: webhook.id }, body: code },
                }
              : { label: t('create'), operationId: 'createWebhook', input: { body: code } },
          ]}
          onClose={() => setCode(null)}
        />
      )}
    </form>
  );
}
