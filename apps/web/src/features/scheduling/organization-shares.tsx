'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import type { OperatorShare } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Dialog, DialogActions } from '@/ui/dialog';
import { Field, Input, Select } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';

/** Weights, guarantees and the highest class of every organisation. */
export function OrganizationShares() {
  const t = useTranslations('scheduling');
  const format = useFormat();
  const [editing, setEditing] = useState<OperatorShare | null>(null);
  const shares = useApi('operatorShares', {});
  if (shares.error && !shares.data) return <ErrorNotice error={shares.error} onRetry={() => void shares.refetch()} />;
  return (
    <Section title={t('shares')} flush>
      <Table label={t('shares')}>
        <Head>
          <Th>{t('tenant')}</Th>
          <Th align="right">{t('weight')}</Th>
          <Th from="sm">{t('topClass')}</Th>
          <Th from="md">{t('guaranteed')}</Th>
          <Th align="right">
            <span className="sr-only">{t('actions')}</span>
          </Th>
        </Head>
        <tbody>
          {shares.data?.items.map((share) => (
            <Tr key={share.node_id}>
              <Td className="font-medium">{share.name}</Td>
              <Td align="right" className="tnum">
                {format.count(share.weight)}
              </Td>
              <Td from="sm">{share.top_priority_class ?? t('usual')}</Td>
              <Td from="md" className="text-muted text-xs">
                {share.guaranteed.length === 0
                  ? t('none')
                  : share.guaranteed
                      .map((one) => `${one.accelerators} × ${one.accelerator_id} (${one.region_id})`)
                      .join(', ')}
              </Td>
              <Td align="right">
                <Button size="sm" aria-label={t('edit', { name: share.name })} onClick={() => setEditing(share)}>
                  {t('editShort')}
                </Button>
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      {editing && <EditShare share={editing} onClose={() => setEditing(null)} />}
    </Section>
  );
}

function EditShare({ share, onClose }: { share: OperatorShare; onClose: () => void }) {
  const t = useTranslations('scheduling');
  const common = useTranslations('common');
  const [weight, setWeight] = useState(String(share.weight));
  const [top, setTop] = useState(share.top_priority_class ?? '');
  const classes = useApi('operatorPriorityClasses', {});
  const update = useApiMutation('operatorUpdateShare', ['operatorShares']);
  const save = async () => {
    const value = Number(weight);
    try {
      await update.mutateAsync({
        params: { organization_id: share.org_id },
        body: { weight: value, over_quota_weight: value, top_priority_class: top === '' ? null : top },
      });
      onClose();
    } catch {
      // The dialog shows update.error.
    }
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('edit', { name: share.name })}>
      <div className="space-y-4">
        <Field label={t('weight')}>
          {(control) => (
            <Input
              {...control}
              type="number"
              min={1}
              max={10_000}
              value={weight}
              onChange={(event) => setWeight(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('topClass')}>
          {(control) => (
            <Select {...control} value={top} onChange={(event) => setTop(event.target.value)}>
              <option value="">{t('usual')}</option>
              {classes.data?.items.map(({ id }) => (
                <option key={id} value={id}>
                  {id}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      {update.error && <ErrorNotice error={update.error} className="mt-4" />}
      <DialogActions>
        <Button onClick={onClose}>{common('cancel')}</Button>
        <Button variant="primary" busy={update.isPending} onClick={() => void save()}>
          {t('save')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
