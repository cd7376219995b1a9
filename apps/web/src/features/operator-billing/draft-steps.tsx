'use client';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { PriceBook } from '@/api/types';
import { Badge, type Tone } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Confirm } from '@/ui/confirm';
import { Plus } from '@/ui/icons';
import { Notice } from '@/ui/notice';

const TONES: Record<PriceBook['status'], Tone> = {
  draft: 'neutral',
  awaiting_second: 'warning',
  published: 'success',
  discarded: 'neutral',
};

/** What one operator drafts and agrees to, and another one publishes: a price book, or the terms of an organization. */
interface Draft {
  name: string;
  status: PriceBook['status'];
  first_approved_by: string | null;
}

export type Asking = 'add' | 'approve' | 'discard' | null;

export const isOpen = ({ status }: Pick<Draft, 'status'>) => status === 'draft' || status === 'awaiting_second';

/** How far it has come; `children` stand behind it. */
export function DraftBadge({ draft, children }: { draft: Draft; children?: ReactNode }) {
  const t = useTranslations('operatorBilling');
  return (
    <Badge tone={TONES[draft.status]}>
      {t(`bookStates.${draft.status}`)}
      {children}
    </Badge>
  );
}

/** What can be done with it while it may still change. */
export function DraftActions(props: { draft: Draft; canApprove: boolean; onAsk: (asking: Asking) => void }) {
  const t = useTranslations('operatorBilling');
  const { draft, canApprove, onAsk } = props;
  if (!isOpen(draft)) return null;
  return (
    <>
      <Button onClick={() => onAsk('discard')}>{t('discard')}</Button>
      <Button onClick={() => onAsk('add')}>
        <Plus className="size-4" />
        {t('addPrice')}
      </Button>
      {canApprove && (
        <Button variant="primary" onClick={() => onAsk('approve')}>
          {t(draft.status === 'draft' ? 'agree' : 'publish')}
        </Button>
      )}
    </>
  );
}

/** Says who has agreed and that another one is waited for. */
export function AwaitsSecond({ draft }: { draft: Draft }) {
  const t = useTranslations('operatorBilling');
  if (draft.status !== 'awaiting_second') return null;
  return (
    <Notice tone="warning" title={t('awaitsSecond')}>
      {t('awaitsSecondText', { who: draft.first_approved_by ?? '' })}
    </Notice>
  );
}

interface StepProps {
  draft: Draft;
  busy: boolean;
  error: unknown;
  act: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks before agreeing or publishing; `children` say what it means. */
export function ApproveDraft({ draft, busy, error, act, onClose, children }: StepProps & { children: ReactNode }) {
  const t = useTranslations('operatorBilling');
  const isFirst = draft.status === 'draft';
  return (
    <Confirm
      title={t(isFirst ? 'agreeTitle' : 'publishTitle', { name: draft.name })}
      action={t(isFirst ? 'agree' : 'publish')}
      danger={!isFirst}
      busy={busy}
      error={error}
      onConfirm={() => void act().then(onClose, () => undefined)}
      onClose={onClose}
    >
      {children}
    </Confirm>
  );
}

/** Asks before discarding. */
export function DiscardDraft({ draft, busy, error, act, onClose }: StepProps) {
  const t = useTranslations('operatorBilling');
  return (
    <Confirm
      title={t('discardTitle', { name: draft.name })}
      action={t('discard')}
      busy={busy}
      error={error}
      onConfirm={() => void act().then(onClose, () => undefined)}
      onClose={onClose}
    >
      {t('discardText')}
    </Confirm>
  );
}
