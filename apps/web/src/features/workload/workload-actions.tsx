'use client';
import { nextWorkloadState, WORKLOAD_ACTIONS, type WorkloadAction } from '@suanxiang/domain/workload-state';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import type { Workload } from '@/api/types';
import { useCommands } from '@/commands/provider';
import { lazily } from '@/lib/lazily';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { iconButtonClass } from '@/ui/button-class';
import { EllipsisVertical, Lock, LockOpen, Play, Square, Terminal, Trash2 } from '@/ui/icons';
import { Menu, type MenuEntry } from '@/ui/menu';
import { notify } from '@/ui/toast';
import { KINDS, type WorkloadKind } from './kind';
import { useWorkloadVerb } from './queries';

const ConfirmAction = lazily(() => import('./confirm-action'));
const CodeDialog = lazily(() => import('@/features/code/code-dialog'));

interface WorkloadActionsProps {
  kind: WorkloadKind;
  workload: Workload;
}

/** What can be done with a workload now. The table of states decides; what is not possible says why. */
export function WorkloadActions({ kind, workload }: WorkloadActionsProps) {
  const t = useTranslations('workload');
  const common = useTranslations('common');
  const { can } = useConsole();
  const [asked, setAsked] = useState<WorkloadAction | 'code' | null>(null);
  const update = useWorkloadVerb(kind, 'update');
  const facts = KINDS[kind];
  const blocked = (action: WorkloadAction): string | null => {
    if (!can(action === 'terminate' ? facts.remove : facts.modify)) return t('blocked.permission');
    if (nextWorkloadState(workload.state, WORKLOAD_ACTIONS[action].event) === null) {
      return t('blocked.state', { state: t(`states.${workload.state}`) });
    }
    return action === 'terminate' && workload.deletion_protection ? t('blocked.protected') : null;
  };
  const setProtection = async (deletion_protection: boolean) => {
    try {
      await update.run(workload.id, { deletion_protection });
      notify(deletion_protection ? t('protectedNow') : t('unprotectedNow'));
    } catch {
      notify(t('updateFailed'), 'danger');
    }
  };
  const item = (action: WorkloadAction, icon: ReactNode): MenuEntry => ({
    kind: 'item',
    key: action,
    label: t(`actions.${action}`),
    icon,
    blocked: blocked(action),
    danger: action === 'terminate',
    onSelect: () => setAsked(action),
  });
  const possible = (['start', 'stop', 'terminate'] as const).filter((action) => blocked(action) === null);
  useCommands(
    () =>
      possible.map((action) => ({
        id: `workload-${action}`,
        label: `${t(`actions.${action}`)}: ${workload.name}`,
        group: 'actions',
        run: () => setAsked(action),
      })),
    [t, possible.join(), workload.name],
  );
  const primary: WorkloadAction = blocked('start') === null ? 'start' : 'stop';
  return (
    <>
      {blocked(primary) === null && (
        <Button onClick={() => setAsked(primary)}>
          {primary === 'start' ? <Play className="size-3.5" /> : <Square className="size-3.5" />}
          {t(`actions.${primary}`)}
        </Button>
      )}
      {blocked('terminate') === null && (
        <Button onClick={() => setAsked('terminate')} className="text-danger">
          <Trash2 className="size-3.5" />
          {t('actions.terminate')}
        </Button>
      )}
      <Menu
        label={t('more')}
        buttonClassName={iconButtonClass('secondary')}
        entries={[
          {
            kind: 'item',
            key: 'code',
            label: common('showCode'),
            icon: <Terminal />,
            onSelect: () => setAsked('code'),
          },
          {
            kind: 'item',
            key: 'protect',
            label: workload.deletion_protection ? t('unprotect') : t('protect'),
            icon: workload.deletion_protection ? <LockOpen /> : <Lock />,
            blocked: can(facts.modify) ? null : t('blocked.permission'),
            onSelect: () => void setProtection(!workload.deletion_protection),
          },
          { kind: 'separator', key: 'line' },
          item('start', <Play />),
          item('stop', <Square />),
          item('terminate', <Trash2 />),
        ]}
      >
        <EllipsisVertical className="size-4" />
      </Menu>
      {asked === 'code' && (
        <CodeDialog
          title={common('showCode')}
          calls={(['start', 'stop', 'terminate'] as const).map((action) => ({
            label: t(`actions.${action}`),
            operationId: facts[action],
            input: { params: { [facts.param]: workload.id } },
          }))}
          onClose={() => setAsked(null)}
        />
      )}
      {asked !== null && asked !== 'code' && (
        <ConfirmAction kind={kind} workload={workload} action={asked} onClose={() => setAsked(null)} />
      )}
    </>
  );
}
