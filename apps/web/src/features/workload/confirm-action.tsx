'use client';
import type { WorkloadAction } from '@suanxiang/domain/workload-state';
import { useTranslations } from 'next-intl';
import type { Workload } from '@/api/types';
import { timesDecimal } from '@/lib/decimal';
import { useFormat } from '@/lib/use-format';
import { Button } from '@/ui/button';
import { Dialog, DialogActions } from '@/ui/dialog';
import { ErrorNotice } from '@/ui/problem';
import { notify } from '@/ui/toast';
import { gpusOf, type WorkloadKind } from './kind';
import { useWorkloadVerb } from './queries';

interface ConfirmActionProps {
  kind: WorkloadKind;
  workload: Workload;
  action: WorkloadAction;
  onClose: () => void;
}

/** Asks before a workload is started, stopped or terminated, and says what that means in money and in data. */
export default function ConfirmAction({ kind, workload, action, onClose }: ConfirmActionProps) {
  const t = useTranslations('workload');
  const common = useTranslations('common');
  const format = useFormat();
  const verb = useWorkloadVerb(kind, action);
  const perHour = format.price(timesDecimal(workload.price_per_gpu_hour, gpusOf(workload)), workload.currency, 4);
  const charging = workload.running_since !== null;
  const points = {
    start: [t('confirm.startMoney', { perHour }), t('confirm.startData')],
    stop: [t('confirm.stopMoney', { perHour }), t('confirm.stopData'), t('confirm.stopLater')],
    terminate: [
      charging ? t('confirm.stopMoney', { perHour }) : t('confirm.terminateIdle'),
      t('confirm.terminateData'),
      t('confirm.terminateName'),
    ],
  }[action];
  const act = async () => {
    try {
      await verb.run(workload.id);
      notify(t(`confirm.${action}Sent`, { name: workload.name }));
      onClose();
    } catch {
      // The dialog shows verb.error.
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(`confirm.${action}Title`, { name: workload.name })}
    >
      <ul className="list-disc space-y-1.5 pl-5 text-muted text-sm">
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      {verb.error && <ErrorNotice error={verb.error} className="mt-4" />}
      <DialogActions>
        <Button onClick={onClose}>{common('cancel')}</Button>
        <Button variant={action === 'start' ? 'primary' : 'danger'} busy={verb.isPending} onClick={() => void act()}>
          {t(`actions.${action}`)}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
