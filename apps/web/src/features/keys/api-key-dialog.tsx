'use client';
import { BROAD_SCOPES } from '@suanxiang/domain/permissions';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApiMutation } from '@/api/hooks';
import { useContractForm } from '@/forms/use-contract-form';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { CodeBlock } from '@/ui/code-block';
import { Dialog, DialogActions } from '@/ui/dialog';
import { Checkbox, Field, Input, Select } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { ErrorNotice } from '@/ui/problem';

const LIFETIMES = [30, 90, 365] as const;

/** Creates an API key and shows its secret, once. */
export default function ApiKeyDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('apiKeys');
  const [secret, setSecret] = useState<{ name: string; text: string | null } | null>(null);
  const done = secret !== null;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={done ? t('createdTitle', { name: secret.name }) : t('create')}
      description={done ? undefined : t('createText')}
    >
      {done ? (
        <>
          <Notice tone="warning">{secret.text ? t('secretOnce') : t('secretGone')}</Notice>
          {secret.text && <CodeBlock code={secret.text} label={t('copySecret')} className="mt-4" wrap />}
          <DialogActions>
            <Button variant="primary" onClick={onClose}>
              {t('stored')}
            </Button>
          </DialogActions>
        </>
      ) : (
        <KeyForm onClose={onClose} onCreated={(name, text) => setSecret({ name, text })} />
      )}
    </Dialog>
  );
}

interface KeyFormProps {
  onClose: () => void;
  onCreated: (name: string, secret: string | null) => void;
}

function KeyForm({ onClose, onCreated }: KeyFormProps) {
  const t = useTranslations('apiKeys');
  const common = useTranslations('common');
  const { projects } = useConsole();
  const [scopes, setScopes] = useState<readonly string[]>(['compute:write']);
  const create = useApiMutation('createApiKey', ['listApiKeys', 'listQuotas']);
  const form = useContractForm({
    schema: async () => (await import('@suanxiang/contract/schemas/identity')).createApiKeyBody,
    body: ({ name = '', project_id = '', expires_in_days = '365' }) => ({
      name: name.trim(),
      scopes: [...scopes],
      expires_in_days: Number(expires_in_days),
      ...(project_id ? { project_id } : {}),
    }),
    send: async (body) => {
      const { api_key, secret } = await create.mutateAsync({ body });
      onCreated(api_key.name, secret);
    },
  });
  const toggle = (scope: string) =>
    setScopes(scopes.includes(scope) ? scopes.filter((other) => other !== scope) : [...scopes, scope]);
  return (
    <form ref={form.ref} onSubmit={form.onSubmit} noValidate className="space-y-5">
      <Field label={common('name')} hint={t('nameHint')} error={form.problemOf('name', common('nameRule'))}>
        {(control) => <Input {...control} name="name" maxLength={63} autoComplete="off" placeholder="ci-pipeline" />}
      </Field>
      <fieldset>
        <legend className="mb-2 font-medium text-sm">{t('scopes')}</legend>
        <div className="space-y-2.5">
          {BROAD_SCOPES.map((scope) => (
            <Checkbox
              key={scope}
              name="scopes"
              value={scope}
              label={<code className="font-mono text-xs">{scope}</code>}
              description={t(`scopeTexts.${scope.replace(':', '_')}` as Parameters<typeof t>[0])}
              checked={scopes.includes(scope)}
              onChange={() => toggle(scope)}
            />
          ))}
        </div>
        {form.problems.scopes && (
          <p role="alert" className="mt-2 text-danger text-xs">
            {t('scopesRule')}
          </p>
        )}
      </fieldset>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('project')}>
          {(control) => (
            <Select {...control} name="project_id" defaultValue="">
              <option value="">{t('wholeOrganization')}</option>
              {projects.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('lifetime')}>
          {(control) => (
            <Select {...control} name="expires_in_days" defaultValue="365">
              {LIFETIMES.map((days) => (
                <option key={days} value={days}>
                  {t('days', { days })}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      {form.error !== null && <ErrorNotice error={form.error} />}
      <DialogActions>
        <Button onClick={onClose}>{common('cancel')}</Button>
        <Button type="submit" variant="primary" busy={form.busy}>
          {t('create')}
        </Button>
      </DialogActions>
    </form>
  );
}
