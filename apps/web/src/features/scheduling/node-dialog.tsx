'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApiMutation } from '@/api/hooks';
import type { FleetNode } from '@/api/types';
import { Button } from '@/ui/button';
import { Dialog, DialogActions } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';
import { Segmented } from '@/ui/segmented';

export interface NodeAction {
  verb: 'cordon' | 'drain';
  node: FleetNode;
}

const STALE = ['operatorNodes', 'operatorDrains', 'operatorCapacity'] as const;

/** Asks for the reason of a cordon, and for a drain's deadline and what happens then. */
export function NodeDialog({ action, onClose }: { action: NodeAction; onClose: () => void }) {
  const t = useTranslations('scheduling');
  const common = useTranslations('common');
  const { verb, node } = action;
  const [reason, setReason] = useState('');
  const [minutes, setMinutes] = useState('60');
  const [atDeadline, setAtDeadline] = useState<'wait' | 'interrupt'>('wait');
  const cordon = useApiMutation('operatorCordonNode', STALE);
  const drain = useApiMutation('operatorDrainNode', STALE);
  const error = cordon.error ?? drain.error;
  const act = async () => {
    const params = { node_id: node.id };
    try {
      if (verb === 'cordon') await cordon.mutateAsync({ params, body: { reason } });
      else {
        const body = { reason, deadline_minutes: Number(minutes), at_deadline: atDeadline };
        await drain.mutateAsync({ params, body });
      }
      onClose();
    } catch {
      // The dialog shows the error.
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(`${verb}Title`, { node: node.name })}
      description={t(`${verb}Text`)}
    >
      <div className="space-y-4">
        <Field label={t('reasonLabel')}>
          {(control) => (
            <Input {...control} value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} />
          )}
        </Field>
        {verb === 'drain' && (
          <>
            <Field label={t('deadlineMinutes')}>
              {(control) => (
                <Input
                  {...control}
                  type="number"
                  min={1}
                  max={43_200}
                  value={minutes}
                  onChange={(event) => setMinutes(event.target.value)}
                />
              )}
            </Field>
            <Segmented
              label={t('atDeadline')}
              value={atDeadline}
              options={[
                { value: 'wait', label: t('waitChoice') },
                { value: 'interrupt', label: t('interruptChoice') },
              ]}
              onChange={setAtDeadline}
            />
          </>
        )}
      </div>
      {error && <ErrorNotice error={error} className="mt-4" />}
      <DialogActions>
        <Button onClick={onClose}>{common('cancel')}</Button>
        <Button variant="primary" busy={cordon.isPending || drain.isPending} onClick={() => void act()}>
          {t(verb)}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
