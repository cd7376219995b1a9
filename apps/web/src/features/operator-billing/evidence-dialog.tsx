'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import type { QuarantinedEvidence } from '@/api/types';
import { Button } from '@/ui/button';
import { Dialog, DialogActions } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';

const STALE = ['operatorQuarantine', 'operatorQuarantined'] as const;

/** The blocks of one group, and the decision about them. */
export default function EvidenceDialog({ group, onClose }: { group: QuarantinedEvidence; onClose: () => void }) {
  const t = useTranslations('operatorBilling');
  const [reason, setReason] = useState('');
  const params = { quarantine_id: group.id };
  const found = useApi('operatorQuarantined', { params });
  const readmit = useApiMutation('operatorReadmitEvidence', STALE);
  const reject = useApiMutation('operatorRejectEvidence', STALE);
  const input = { params, body: { reason: reason.trim() } };
  const error = readmit.error ?? reject.error;
  const take = () => void readmit.mutateAsync(input).then(onClose, () => undefined);
  const drop = () => void reject.mutateAsync(input).then(onClose, () => undefined);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      placement="side"
      title={t(`refusals.${group.reason}`)}
      description={group.note ?? t(group.takes_two ? 'evidenceTakesTwo' : 'evidenceTakesOne')}
    >
      <div className="space-y-4">
        {found.error && <ErrorNotice error={found.error} />}
        <Table label={t('blocks')}>
          <Head>
            <Th>{t('minute')}</Th>
            <Th>{t('digest')}</Th>
            <Th align="right">{t('received')}</Th>
          </Head>
          <tbody>
            {found.data?.sample.map((block) => (
              <Tr key={`${block.digest} ${block.minute} ${block.received_at}`}>
                <Td>{block.minute ? <Time at={block.minute} /> : '—'}</Td>
                <Td className="font-mono text-xs">{block.digest.slice(0, 12)}</Td>
                <Td align="right" className="text-muted">
                  <Time at={block.received_at} />
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
        {group.status === 'held' && (
          <Field label={t('reason')} hint={t('evidenceReasonHint')}>
            {(control) => (
              <Input {...control} value={reason} maxLength={500} onChange={(e) => setReason(e.target.value)} />
            )}
          </Field>
        )}
        {error && <ErrorNotice error={error} />}
      </div>
      {group.status === 'held' && (
        <DialogActions>
          <Button busy={reject.isPending} onClick={drop}>
            {t('reject')}
          </Button>
          {group.can_readmit && (
            <Button variant="primary" busy={readmit.isPending} onClick={take}>
              {t(group.takes_two && !group.proposed_by ? 'proposeReadmit' : 'readmit')}
            </Button>
          )}
        </DialogActions>
      )}
    </Dialog>
  );
}
