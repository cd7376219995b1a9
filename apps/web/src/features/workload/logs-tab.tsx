'use client';
import { useTranslations } from 'next-intl';
import { useDeferredValue, useState } from 'react';
import { ApiError } from '@/api/browser-client';
import type { Workload } from '@/api/types';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Checkbox, Input, Select } from '@/ui/field';
import { ScrollText, SearchX } from '@/ui/icons';
import { ErrorNotice } from '@/ui/problem';
import { isCluster, type WorkloadKind } from './kind';
import { type LogLine, searchLines, textOfLines } from './log-lines';
import { LogPane } from './log-pane';
import { useLog, useWholeLog } from './use-log';
import { WorkloadFrame } from './workload-frame';

export function LogsTab({ kind, id }: { kind: WorkloadKind; id: string }) {
  return (
    <WorkloadFrame kind={kind} id={id}>
      {(workload) => <Logs kind={kind} workload={workload} />}
    </WorkloadFrame>
  );
}

function save(name: string, lines: readonly LogLine[]): void {
  const url = URL.createObjectURL(new Blob([textOfLines(lines)], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** Reads the whole log and hands it to the browser as a file. */
function useDownload(kind: WorkloadKind, workload: Workload, rank: number) {
  const read = useWholeLog(kind, workload.id, rank);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const download = async () => {
    setBusy(true);
    setError(null);
    try {
      save(isCluster(workload) ? `${workload.name}-${rank}.log` : `${workload.name}.log`, await read());
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return { download, busy, error };
}

/** A run by its beginning, so that the log of another one is read anew; null before there is one. */
const runOf = ({ state, running_since: since }: Workload) => (state === 'queued' ? null : (since ?? 'run'));

/** Why there is no log, by the code of the refusal; anything else is a failure. */
const NO_LOG: Partial<Record<string, 'never' | 'gone'>> = { conflict: 'never', gone: 'gone' };

function Logs({ kind, workload }: { kind: WorkloadKind; workload: Workload }) {
  const t = useTranslations('workload.logs');
  const [rank, setRank] = useState(0);
  const [wrap, setWrap] = useState(true);
  const [search, setSearch] = useState('');
  const { lines, error, status, paused, setPaused } = useLog(kind, workload.id, rank, runOf(workload));
  const file = useDownload(kind, workload, rank);
  const wanted = useDeferredValue(search.trim());
  const shown = searchLines(lines, wanted);
  const nodes = isCluster(workload) ? workload.node_count : 1;
  const why = error instanceof ApiError ? NO_LOG[error.problem.code] : undefined;
  const empty = lines.length === 0;
  return (
    <Card flush className="overflow-hidden">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-b bg-sunken px-4 py-2 text-xs">
        {nodes > 1 && (
          <Select
            className="w-auto"
            aria-label={t('node')}
            value={rank}
            onChange={(event) => setRank(Number(event.target.value))}
          >
            {Array.from({ length: nodes }, (_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: nodes are known by their number
              <option key={index} value={index}>{`${t('node')} ${index}`}</option>
            ))}
          </Select>
        )}
        <Input
          type="search"
          className="max-w-64"
          aria-label={t('search')}
          placeholder={t('search')}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <span role="status" className="tnum text-muted">
          {wanted ? t('found', { count: shown.length }) : error ? null : t(`status.${status}`)}
        </span>
        <span className="ml-auto flex flex-wrap items-center gap-3">
          <Checkbox label={t('wrap')} checked={wrap} onChange={(event) => setWrap(event.target.checked)} />
          <Button size="sm" aria-pressed={paused} onClick={() => setPaused(!paused)}>
            {paused ? t('resume') : t('pause')}
          </Button>
          <Button size="sm" busy={file.busy} onClick={() => void file.download()}>
            {t('download')}
          </Button>
        </span>
      </div>
      {Boolean(error) && !why && <ErrorNotice error={error} />}
      {Boolean(file.error) && <ErrorNotice error={file.error} />}
      {empty || shown.length === 0 ? (
        <EmptyState icon={empty ? <ScrollText /> : <SearchX />} title={empty ? t('none') : t('notFound')}>
          {!empty ? t('notFoundText') : why ? t(why) : workload.state === 'running' ? t('soon') : t('ended')}
        </EmptyState>
      ) : (
        <LogPane lines={shown} search={wanted} wrap={wrap} />
      )}
    </Card>
  );
}
