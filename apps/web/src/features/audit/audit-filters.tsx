'use client';
import { useTranslations } from 'next-intl';
import { useUrlState } from '@/features/list/use-url-state';
import { Field, Select } from '@/ui/field';

const ACTIONS = [
  'instance',
  'cluster',
  'member',
  'invitation',
  'api_key',
  'quota',
  'billing',
  'impersonation',
  'organization',
];

/** What of the audit log is shown; kept in the address. */
export function AuditFilters() {
  const t = useTranslations('audit');
  const url = useUrlState();
  const set = (name: string, value: string) => url.set({ [name]: value || null, cursor: null });
  return (
    <div className="mb-4 flex flex-wrap gap-3">
      <Field label={t('filterAction')} className="w-48">
        {(control) => (
          <Select {...control} value={url.get('action')} onChange={(event) => set('action', event.target.value)}>
            <option value="">{t('all')}</option>
            {ACTIONS.map((action) => (
              <option key={action} value={action}>
                {t(`kinds.${action}` as 'kinds.instance')}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t('result')} className="w-40">
        {(control) => (
          <Select {...control} value={url.get('result')} onChange={(event) => set('result', event.target.value)}>
            <option value="">{t('all')}</option>
            <option value="success">{t('results.success')}</option>
            <option value="denied">{t('results.denied')}</option>
          </Select>
        )}
      </Field>
    </div>
  );
}
