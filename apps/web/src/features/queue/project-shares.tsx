'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import type { Share } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Dialog, DialogActions } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { notify } from '@/ui/toast';

const PPM = 1_000_000;

/** How the organisation divides its share among its projects. */
export function ProjectShares() {
  const t = useTranslations('queue');
  const { can } = useConsole();
  const shares = useApi('getShares', {}, { pollMs: 30_000 });
  const [editing, setEditing] = useState<Share | null>(null);
  if (!shares.data) return shares.error ? <ErrorNotice error={shares.error} className="mt-8" /> : null;
  const { organization, projects } = shares.data;
  return (
    <Section title={t('sharesTitle')} description={t('sharesText')} className="mt-8" flush>
      <Table label={t('sharesTitle')}>
        <Head>
          <Th>{t('project')}</Th>
          <Th align="right">{t('weight')}</Th>
          <Th align="right">{t('held')}</Th>
          <Th align="right" from="sm">
            {t('remembered')}
          </Th>
          <Th from="md">{t('guaranteed')}</Th>
          {can('share.modify') && (
            <Th>
              <span className="sr-only">{t('save')}</span>
            </Th>
          )}
        </Head>
        <tbody>
          <ShareRow share={organization} name={t('organizationRow')} onEdit={null} />
          {projects.map((share) => (
            <ShareRow key={share.node_id} share={share} name={share.name} onEdit={() => setEditing(share)} />
          ))}
        </tbody>
      </Table>
      {editing && <EditShare share={editing} onClose={() => setEditing(null)} />}
    </Section>
  );
}

function ShareRow({ share, name, onEdit }: { share: Share; name: string; onEdit: (() => void) | null }) {
  const t = useTranslations('queue');
  const format = useFormat();
  const { can } = useConsole();
  const sum = (of: 'share_now' | 'share_remembered') => share.standing.reduce((total, one) => total + one[of], 0);
  const guaranteed = share.guaranteed.map((one) => `${one.accelerators} × ${one.accelerator_id} (${one.region_id})`);
  return (
    <Tr>
      <Td className="font-medium">{name}</Td>
      <Td align="right" className="tnum">
        {format.count(share.weight)}
      </Td>
      <Td align="right" className="tnum">
        {format.percent(sum('share_now') * PPM, 1)}
      </Td>
      <Td align="right" from="sm" className="tnum text-muted">
        {format.percent(sum('share_remembered') * PPM, 1)}
      </Td>
      <Td from="md" className="text-muted">
        {guaranteed.length > 0 ? guaranteed.join(', ') : t('none')}
      </Td>
      {can('share.modify') && (
        <Td align="right">
          {onEdit && (
            <Button size="sm" onClick={onEdit} aria-label={t('edit', { name })}>
              {t('editShort')}
            </Button>
          )}
        </Td>
      )}
    </Tr>
  );
}

function EditShare({ share, onClose }: { share: Share; onClose: () => void }) {
  const t = useTranslations('queue');
  const common = useTranslations('common');
  const [weight, setWeight] = useState(String(share.weight));
  const update = useApiMutation('updateProjectShare', ['getShares']);
  const save = async () => {
    try {
      const body = { weight: Number(weight), over_quota_weight: Number(weight) };
      await update.mutateAsync({ params: { project_id: share.node_id }, body });
      notify(t('saved'));
      onClose();
    } catch {
      // The dialog shows update.error.
    }
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('edit', { name: share.name })}>
      <Field label={t('weight')} hint={t('weightHint')}>
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
