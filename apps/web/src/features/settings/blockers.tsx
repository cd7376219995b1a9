'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { ApiError } from '@/api/browser-client';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { Notice } from '@/ui/notice';

const KINDS = ['workloads', 'operations', 'payments', 'invoices', 'usage', 'balance'] as const;
type Kind = (typeof KINDS)[number];

interface Blocker {
  kind: Kind;
  ids: string[];
}

/** What of a refusal to close stands in the way; empty for any other error. */
export function blockersOf(error: unknown): Blocker[] {
  if (!(error instanceof ApiError) || !Array.isArray(error.problem.blockers)) return [];
  const named = error.problem.blockers as { kind: string; ids: string[] }[];
  return named.flatMap(({ kind, ids }) => KINDS.filter((one) => one === kind).map((one) => ({ kind: one, ids })));
}

/** What must be done before an organisation can be closed, each with the page where it is done. */
export function Blockers({ blockers }: { blockers: readonly Blocker[] }) {
  const t = useTranslations('settings.blockers');
  const { orgSlug, projects } = useConsole();
  const first = projects[0]?.slug ?? '';
  const pages: Record<Kind, string | null> = {
    workloads: paths.instances(orgSlug, first),
    operations: paths.instances(orgSlug, first),
    payments: paths.billing(orgSlug),
    invoices: paths.invoices(orgSlug),
    usage: paths.invoices(orgSlug),
    balance: null,
  };
  return (
    <Notice tone="warning" title={t('title')} className="mt-4" live>
      <ul className="mt-1 list-disc space-y-1 pl-4">
        {blockers.map(({ kind, ids }) => {
          const text = t(kind, { count: ids.length });
          const page = pages[kind];
          return (
            <li key={kind}>
              {page ? (
                <Link href={page} className="underline">
                  {text}
                </Link>
              ) : (
                text
              )}
            </li>
          );
        })}
      </ul>
    </Notice>
  );
}
