'use client';
import type { CallOutput } from '@suanxiang/contract/client';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { callApi } from '@/api/browser-client';
import { withProof } from '@/api/step-up';
import { useFormat } from '@/lib/use-format';
import { Button } from '@/ui/button';
import { Field, Select } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { ErrorNotice } from '@/ui/problem';

/** The narrow one first: it is what is chosen when nobody chooses. */
const SCOPES = ['compute:write', 'compute:read', 'all:read', 'all:write'] as const;
const DAYS = [1, 7, 30, 90];
const USUAL_DAYS = 30;

interface DeviceChoiceProps {
  code: string;
  request: CallOutput<'lookUpDevice'>;
  organizations: readonly { id: string; name: string }[];
  onDone: (outcome: 'approved' | 'denied') => void;
}

/** Who asks, and what it is given: organisation, project, rights and life. */
export function DeviceChoice({ code, request, organizations, onDone }: DeviceChoiceProps) {
  const t = useTranslations('account');
  const format = useFormat();
  const [organization, setOrganization] = useState(organizations[0]?.id ?? '');
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const projects = useQuery({
    queryKey: ['device-projects', organization],
    enabled: organization !== '',
    queryFn: () => callApi('listProjects', { query: { limit: 100 } }, organization),
  });
  const run = async (act: () => Promise<unknown>, outcome: 'approved' | 'denied') => {
    setBusy(true);
    setError(null);
    await act().then(() => onDone(outcome), setError);
    setBusy(false);
  };
  const approve = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const project = String(form.get('project') ?? '');
    const body = {
      user_code: code,
      scopes: [String(form.get('scope'))],
      expires_in_days: Number(form.get('days')),
      ...(project ? { project_id: project } : {}),
    };
    void run(() => withProof(() => callApi('approveDevice', { body }, organization)), 'approved');
  };
  const deny = () => run(() => callApi('denyDevice', { body: { user_code: code } }, null), 'denied');
  return (
    <form onSubmit={approve} className="mt-4 space-y-4">
      <p className="font-medium">{t('asks', { name: request.client_name })}</p>
      <p className="text-muted text-sm">
        {t('asksFrom', { network: request.ip_prefix, at: format.date(request.created_at, 'dateTime') })}
      </p>
      <Notice tone="warning">{t('phishing')}</Notice>
      <Field label={t('organization')}>
        {(control) => (
          <Select {...control} value={organization} onChange={(event) => setOrganization(event.target.value)}>
            {organizations.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t('project')}>
        {(control) => (
          <Select {...control} name="project" key={organization}>
            <option value="">{t('allProjects')}</option>
            {projects.data?.items.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t('scopes')}>
        {(control) => (
          <Select {...control} name="scope">
            {SCOPES.map((scope) => (
              <option key={scope} value={scope}>
                {t(`scopeNames.${scope.replace(':', '_') as 'compute_write'}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t('lifetime')}>
        {(control) => (
          <Select {...control} name="days" defaultValue={USUAL_DAYS}>
            {DAYS.map((count) => (
              <option key={count} value={count}>
                {t('days', { count })}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {projects.error && <ErrorNotice error={projects.error} />}
      {error !== null && <ErrorNotice error={error} />}
      <div className="flex justify-end gap-2">
        <Button onClick={() => void deny()}>{t('deny')}</Button>
        <Button type="submit" variant="primary" busy={busy} disabled={organization === ''}>
          {t('approve')}
        </Button>
      </div>
    </form>
  );
}
