'use client';
import { useTranslations } from 'next-intl';
import { useContext, useEffect, useRef, useState } from 'react';
import { callApi } from '@/api/browser-client';
import { OrganizationIdContext } from '@/api/hooks';
import type { Output, Workload } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Checkbox } from '@/ui/field';
import { ScrollText } from '@/ui/icons';
import { ErrorNotice } from '@/ui/problem';
import { WorkloadFrame } from './workload-frame';

type Line = Output<'getInstanceLogs'>['lines'][number];
const POLL_MS = 2_000;
const KEPT_LINES = 2_000;

export function LogsTab({ id }: { id: string }) {
  return (
    <WorkloadFrame kind="instance" id={id}>
      {(workload) => <Logs workload={workload} />}
    </WorkloadFrame>
  );
}

/** Follows the log by its cursor while the tab is visible; keeps the newest 2,000 lines. */
function useLog(id: string) {
  const organizationId = useContext(OrganizationIdContext);
  const [lines, setLines] = useState<readonly Line[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    let cursor: string | null = null;
    const look = async () => {
      let ended = false;
      if (!document.hidden) {
        try {
          const query = cursor ? { cursor } : {};
          const answer = await callApi(
            'getInstanceLogs',
            { params: { instance_id: id }, query, signal: abort.signal },
            organizationId,
          );
          const before = cursor;
          setLines((known) => (before ? [...(known ?? []), ...answer.lines] : answer.lines).slice(-KEPT_LINES));
          setError(null);
          ended = answer.next_cursor === null;
          cursor = answer.next_cursor;
        } catch (caught) {
          if (!abort.signal.aborted) setError(caught);
        }
      }
      if (!abort.signal.aborted && !ended) timer = setTimeout(look, POLL_MS);
    };
    void look();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [id, organizationId]);
  return { lines, error };
}

function Logs({ workload }: { workload: Workload }) {
  const t = useTranslations('workload');
  const format = useFormat();
  const { lines, error } = useLog(workload.id);
  const [follow, setFollow] = useState(true);
  const pane = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when lines arrive
  useEffect(() => {
    if (follow && pane.current) pane.current.scrollTop = pane.current.scrollHeight;
  }, [lines, follow]);
  if (error && !lines) return <ErrorNotice error={error} />;
  return (
    <Card flush className="overflow-hidden">
      <div className="flex items-center justify-between gap-3 border-line border-b bg-sunken px-4 py-2">
        <span className="text-muted text-xs">{t('logsText')}</span>
        <Checkbox label={t('follow')} checked={follow} onChange={(event) => setFollow(event.target.checked)} />
      </div>
      {lines?.length === 0 ? (
        <EmptyState icon={<ScrollText />} title={t('noLogs')}>
          {workload.state === 'running' ? t('noLogsYet') : t('noLogsStopped')}
        </EmptyState>
      ) : (
        <div
          ref={pane}
          role="log"
          aria-label={t('tabs.logs')}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
          tabIndex={0}
          className="h-[60dvh] overflow-auto p-4 font-mono text-xs leading-5"
        >
          {lines?.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity of their own
            <p key={index} className="flex gap-4 whitespace-pre-wrap">
              <span className="tnum shrink-0 select-none text-subtle">{format.date(line.at, 'time')}</span>
              <span className="min-w-0 break-all">{line.text}</span>
            </p>
          ))}
        </div>
      )}
    </Card>
  );
}
