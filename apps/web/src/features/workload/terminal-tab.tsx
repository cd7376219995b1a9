'use client';
import { useTranslations } from 'next-intl';
import { useCallback, useContext, useEffect, useRef, useState } from 'react';
import { callApi } from '@/api/browser-client';
import { OrganizationIdContext } from '@/api/hooks';
import type { Output, Workload } from '@/api/types';
import { lazily } from '@/lib/lazily';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Select } from '@/ui/field';
import { SquareTerminal } from '@/ui/icons';
import { ErrorNotice } from '@/ui/problem';
import { isCluster, KINDS, paramsOf, type WorkloadKind } from './kind';
import type { TerminalScreenProps } from './terminal-screen';
import { WorkloadFrame } from './workload-frame';

type Ticket = Output<'openInstanceTerminal'>;

/** Some hundred kilobytes that only those fetch who open a terminal. */
const Screen = lazily<TerminalScreenProps>(() => import('./terminal-screen'), <div className="h-[60dvh] min-h-64" />);

/** Reasons that the messages know; a server may learn new ones before the page does. */
const REASONS = [
  'exited',
  'server_stopping',
  'ticket_invalid',
  'credential_ended',
  'permission_lost',
  'not_running',
  'idle',
  'too_long',
  'too_many_sessions',
  'slow_reader',
  'invalid_message',
  'machine_lost',
  'unavailable',
] as const;
const known = (reason: string) => REASONS.find((one) => one === reason) ?? 'lost';

export function TerminalTab({ kind, id }: { kind: WorkloadKind; id: string }) {
  return (
    <WorkloadFrame kind={kind} id={id}>
      {(workload) => <TerminalOf kind={kind} workload={workload} />}
    </WorkloadFrame>
  );
}

/** A ticket for a node, and what became of the session that it opened. */
function useTicket(kind: WorkloadKind, id: string, rank: number, isRunning: boolean) {
  const organizationId = useContext(OrganizationIdContext);
  const [ticket, setTicket] = useState<Ticket | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [ended, setEnded] = useState<string | null>(null);
  const [ready, setReady] = useState(false);
  const open = useCallback(async () => {
    setError(null);
    setEnded(null);
    setReady(false);
    setTicket(null);
    try {
      // Both operations take and answer the same; which one it is follows from the kind.
      const operation = KINDS[kind].terminal as 'openInstanceTerminal';
      const input = { params: paramsOf(kind, id), body: { rank } } as never;
      setTicket(await callApi(operation, input, organizationId));
    } catch (caught) {
      setError(caught);
    }
  }, [kind, id, rank, organizationId]);
  useEffect(() => {
    if (isRunning) void open();
  }, [isRunning, open]);
  return { ticket, error, ended, ready, open, setEnded, setReady };
}

function TerminalOf({ kind, workload }: { kind: WorkloadKind; workload: Workload }) {
  const t = useTranslations('workload.terminal');
  const [rank, setRank] = useState(0);
  const isRunning = workload.state === 'running';
  const { ticket, error, ended, ready, open, setEnded, setReady } = useTicket(kind, workload.id, rank, isRunning);
  const again = useRef<HTMLButtonElement>(null);
  if (!isRunning && !ticket) {
    const over = workload.state === 'terminated' || workload.state === 'failed';
    return (
      <Card flush>
        <EmptyState icon={<SquareTerminal />} title={t('notRunning')}>
          {!over && t('notRunningText')}
        </EmptyState>
      </Card>
    );
  }
  const nodes = isCluster(workload) ? workload.node_count : 1;
  return (
    <Card flush className="overflow-hidden">
      <div className="flex flex-wrap items-center justify-between gap-3 border-line border-b bg-sunken px-4 py-2 text-xs">
        <span className="flex items-center gap-3 text-muted">
          {nodes > 1 && (
            <Select aria-label={t('node')} value={rank} onChange={(event) => setRank(Number(event.target.value))}>
              {Array.from({ length: nodes }, (_, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: nodes are known by their number
                <option key={index} value={index}>{`${t('node')} ${index}`}</option>
              ))}
            </Select>
          )}
          <span role="status">{ended ? t(`reasons.${known(ended)}`) : ready ? t('connected') : t('connecting')}</span>
        </span>
        <span className="flex items-center gap-3">
          <span className="text-muted">{t('leave')}</span>
          <Button ref={again} size="sm" onClick={() => void open()}>
            {t('reconnect')}
          </Button>
        </span>
      </div>
      {Boolean(error) && <ErrorNotice error={error} onRetry={() => void open()} />}
      {ticket?.ticket && (
        <Screen
          key={ticket.ticket}
          label={t('region', { name: workload.name })}
          url={ticket.url}
          ticket={ticket.ticket}
          onReady={() => setReady(true)}
          onEnd={setEnded}
          onLeave={() => again.current?.focus()}
        />
      )}
    </Card>
  );
}
