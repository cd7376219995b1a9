import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApiMutation } from '@/api/hooks';
import type { FleetNode } from '@/api/types';
import { Button } from '@/ui/button';
import { Dialog, DialogActions } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';

export interface Release {
  node: FleetNode;
  device: FleetNode['devices'][number];
}

const STALE = ['operatorNodes', 'operatorHealth', 'operatorCapacity'] as const;

/** Asks why a device comes out of quarantine. */
export function ReleaseDialog({ release: { node, device }, onClose }: { release: Release; onClose: () => void }) {
  const t = useTranslations('scheduling');
  const common = useTranslations('common');
  const [reason, setReason] = useState('');
  const release = useApiMutation('operatorReleaseDevice', STALE);
  const act = () => release.mutate({ params: { device_id: device.id }, body: { reason } }, { onSuccess: onClose });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('releaseTitle', { node: node.name, index: device.index })}
      description={t('releaseText')}
    >
      <Field label={t('reasonLabel')}>
        {(control) => (
          <Input {...control} value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
      {release.error && <ErrorNotice error={release.error} className="mt-4" />}
      <DialogActions>
        <Button onClick={onClose}>{common('cancel')}</Button>
        <Button variant="primary" busy={release.isPending} onClick={act}>
          {t('release')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
