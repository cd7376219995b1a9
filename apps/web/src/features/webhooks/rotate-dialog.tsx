'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApiMutation } from '@/api/hooks';
import type { Webhook } from '@/api/types';
import { Button } from '@/ui/button';
import { Dialog, DialogActions } from '@/ui/dialog';
import { Field, Select } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';
import { SecretNote } from './secret-note';

/** How long the old secret may sign, too, in seconds. */
const OVERLAPS_S = [0, 3_600, 86_400, 604_800] as const;

/** Makes a new signing secret; for a while both sign, so that receivers can change over without a gap. */
export default function RotateDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const t = useTranslations('webhooks');
  const common = useTranslations('common');
  const [overlap, setOverlap] = useState<(typeof OVERLAPS_S)[number]>(86_400);
  const rotate = useApiMutation('rotateWebhookSecret', ['getWebhook', 'listWebhooks']);
  const act = () => rotate.mutate({ params: { webhook_id: webhook.id }, body: { overlap_seconds: overlap } });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={rotate.data ? t('rotatedTitle') : t('rotate')}
      description={rotate.data ? undefined : t('rotateText')}
    >
      {rotate.data ? (
        <SecretNote secret={rotate.data.secret} onStored={onClose} />
      ) : (
        <>
          <Field label={t('overlap')} hint={overlap === 0 ? t('overlapNone') : t('overlapHint')}>
            {(control) => (
              <Select
                {...control}
                value={overlap}
                onChange={(event) => setOverlap(OVERLAPS_S.find((one) => one === Number(event.target.value)) ?? 86_400)}
              >
                {OVERLAPS_S.map((seconds) => (
                  <option key={seconds} value={seconds}>
                    {t(`overlaps.${seconds}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          {rotate.error && <ErrorNotice error={rotate.error} className="mt-4" />}
          <DialogActions>
            <Button onClick={onClose}>{common('cancel')}</Button>
            <Button variant={overlap === 0 ? 'danger' : 'primary'} busy={rotate.isPending} onClick={act}>
              {t('rotateNow')}
            </Button>
          </DialogActions>
        </>
      )}
    </Dialog>
  );
}
