'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import { cx } from '@/lib/cx';
import { compareDecimal } from '@/lib/decimal';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { Section } from '@/ui/card';
import { ArrowRight, Check } from '@/ui/icons';

/** The way to a first running machine, each step ticked off by what is really there; gone when all is done. */
export function NextSteps({ started }: { started: boolean }) {
  const t = useTranslations('overview.steps');
  const { orgSlug, projectSlug, can } = useConsole();
  const keys = useApi('listSshKeys', { query: { limit: 1 } }, { enabled: can('ssh_key.read') });
  const balance = useApi('getBalance', {}, { enabled: can('billing.read') });
  const apiKeys = useApi('listApiKeys', { query: { limit: 1 } }, { enabled: can('api_key.read') });
  const funded = balance.data ? compareDecimal(balance.data.balance.amount, '0') > 0 : null;
  const steps = [
    {
      key: 'key',
      needs: 'ssh_key.create',
      href: paths.sshKeys(orgSlug),
      done: keys.data ? keys.data.items.length > 0 : null,
    },
    { key: 'money', needs: 'billing.modify', href: paths.billing(orgSlug), done: funded },
    { key: 'launch', needs: 'instance.create', href: paths.launch(orgSlug, projectSlug), done: started },
    {
      key: 'api',
      needs: 'api_key.create',
      href: paths.apiKeys(orgSlug),
      done: apiKeys.data ? apiKeys.data.items.length > 0 : null,
    },
  ] as const;
  const known = steps.filter(({ done, needs }) => done !== null && can(needs));
  if (known.every(({ done }) => done)) return null;
  const next = known.find(({ done }) => !done)?.key;
  return (
    <Section title={t('title')} description={t('text')} flush>
      <ol className="grid sm:grid-cols-2 xl:grid-cols-4">
        {known.map(({ key, href, done }, index) => (
          <li key={key} className="border-line border-b last:border-b-0 sm:border-r xl:border-b-0 xl:last:border-r-0">
            <Link
              href={href}
              className="group flex h-full items-start gap-3 p-4 -outline-offset-2 hover:bg-sunken sm:px-5"
            >
              <span
                className={cx(
                  'tnum mt-px flex size-5 shrink-0 items-center justify-center rounded-full font-medium text-2xs',
                  done
                    ? 'bg-success-soft text-success'
                    : key === next
                      ? 'bg-primary text-inverse'
                      : 'border border-line-strong text-muted',
                )}
              >
                {done ? <Check className="size-3" strokeWidth={3} /> : index + 1}
              </span>
              <span className="min-w-0 flex-1">
                <span
                  className={cx('block font-medium text-sm', done && 'text-muted line-through decoration-line-strong')}
                >
                  {t(`${key}.title`)}
                  {done && <span className="sr-only"> {t('done')}</span>}
                </span>
                <span className="mt-0.5 block text-muted text-xs">{t(`${key}.text`)}</span>
              </span>
              {key === next && (
                <ArrowRight className="mt-1 size-4 shrink-0 text-subtle transition-transform group-hover:translate-x-0.5" />
              )}
            </Link>
          </li>
        ))}
      </ol>
    </Section>
  );
}
