'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import type { Coupon, CreditProposal } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { Badge, type Tone } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Confirm } from '@/ui/confirm';
import { EmptyState } from '@/ui/empty-state';
import { Field, Input } from '@/ui/field';
import { Plus, ReceiptText } from '@/ui/icons';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';
import { BillingTabs } from './billing-tabs';
import { CouponDialog } from './coupon-dialog';

const TONES: Record<Coupon['status'], Tone> = {
  active: 'success',
  awaiting_second: 'warning',
  ended: 'neutral',
  expired: 'neutral',
  used_up: 'neutral',
};

/** Promotional codes, and large credit that waits for a second operator. */
export function CreditsPage() {
  const t = useTranslations('operatorBilling');
  const [creating, setCreating] = useState(false);
  const coupons = useApi('operatorCoupons', {}, { pollMs: 30_000 });
  const button = (
    <Button variant="primary" onClick={() => setCreating(true)}>
      <Plus className="size-4" />
      {t('newCoupon')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('credits')} description={t('creditsText')} actions={button} />
      <BillingTabs />
      {coupons.error && <ErrorNotice error={coupons.error} onRetry={() => void coupons.refetch()} />}
      <div className="space-y-8">
        <Proposals />
        <Section title={t('coupons')} flush>
          {coupons.data?.items.length === 0 ? (
            <EmptyState icon={<ReceiptText />} title={t('noCoupons')}>
              {t('noCouponsText')}
            </EmptyState>
          ) : (
            <Coupons coupons={coupons.data?.items ?? []} />
          )}
        </Section>
      </div>
      {creating && <CouponDialog onClose={() => setCreating(false)} />}
    </>
  );
}

function Coupons({ coupons }: { coupons: readonly Coupon[] }) {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  const approve = useApiMutation('operatorApproveCoupon', ['operatorCoupons']);
  const [ending, setEnding] = useState<Coupon | null>(null);
  const end = useApiMutation('operatorEndCoupon', ['operatorCoupons']);
  return (
    <>
      {approve.error && <ErrorNotice error={approve.error} className="m-4" />}
      <Table label={t('coupons')}>
        <Head>
          <Th>{t('code')}</Th>
          <Th>{t('state')}</Th>
          <Th align="right">{t('amount')}</Th>
          <Th align="right">{t('redeemed')}</Th>
          <Th align="right" from="md">
            {t('redeemUntil')}
          </Th>
          <Th>
            <span className="sr-only">{t('end')}</span>
          </Th>
        </Head>
        <tbody>
          {coupons.map((coupon) => (
            <Tr key={coupon.id}>
              <Td>
                <code className="font-mono">{coupon.coupon_code}</code>
                <span className="block text-subtle text-xs">{coupon.reason}</span>
              </Td>
              <Td>
                <Badge tone={TONES[coupon.status]}>{t(`couponStates.${coupon.status}`)}</Badge>
              </Td>
              <Td align="right" className="tnum">
                {format.money(coupon.amount)}
              </Td>
              <Td align="right" className="tnum">
                {t('ofAll', { part: coupon.redemptions, all: coupon.most_redemptions })}
              </Td>
              <Td align="right" from="md" className="text-muted">
                <Time at={coupon.redeem_until} />
              </Td>
              <Td align="right">
                <span className="inline-flex flex-wrap justify-end gap-2">
                  {coupon.status === 'awaiting_second' && (
                    <Button
                      size="sm"
                      busy={approve.isPending}
                      onClick={() => approve.mutate({ params: { coupon_id: coupon.id } })}
                    >
                      {t('agree')}
                    </Button>
                  )}
                  {coupon.status !== 'ended' && (
                    <Button size="sm" variant="ghost" onClick={() => setEnding(coupon)}>
                      {t('end')}
                    </Button>
                  )}
                </span>
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      {ending && (
        <Confirm
          title={t('endTitle', { code: ending.coupon_code })}
          action={t('end')}
          busy={end.isPending}
          error={end.error}
          onConfirm={() =>
            void end.mutateAsync({ params: { coupon_id: ending.id } }).then(
              () => setEnding(null),
              () => undefined,
            )
          }
          onClose={() => setEnding(null)}
        >
          {t('endText', { count: ending.redemptions })}
        </Confirm>
      )}
    </>
  );
}

type Deciding = { proposal: CreditProposal; how: 'approve' | 'deny' };

function Proposals() {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  const [deciding, setDeciding] = useState<Deciding | null>(null);
  const found = useApi('operatorCreditProposals', { query: {} }, { pollMs: 15_000 });
  if (!found.data || found.data.items.length === 0) return null;
  return (
    <Section title={t('proposals')} description={t('proposalsText')} flush>
      <Table label={t('proposals')}>
        <Head>
          <Th>{t('organization')}</Th>
          <Th align="right">{t('amount')}</Th>
          <Th>{t('reason')}</Th>
          <Th from="md">{t('proposedBy')}</Th>
          <Th>
            <span className="sr-only">{t('agree')}</span>
          </Th>
        </Head>
        <tbody>
          {found.data.items.map((proposal) => (
            <Tr key={proposal.id}>
              <Td className="font-medium">{proposal.organization_name}</Td>
              <Td align="right" className="tnum">
                {format.money(proposal.amount)}
              </Td>
              <Td>{proposal.reason}</Td>
              <Td from="md" className="text-muted">
                <code className="font-mono text-xs">{proposal.proposed_by}</code>
              </Td>
              <Td align="right">
                <span className="inline-flex flex-wrap justify-end gap-2">
                  <Button size="sm" onClick={() => setDeciding({ proposal, how: 'approve' })}>
                    {t('agree')}
                  </Button>
                  <Button size="sm" variant="ghost" onClick={() => setDeciding({ proposal, how: 'deny' })}>
                    {t('deny')}
                  </Button>
                </span>
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      {deciding && <Decide {...deciding} onClose={() => setDeciding(null)} />}
    </Section>
  );
}

function Decide({ proposal, how, onClose }: Deciding & { onClose: () => void }) {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  const [reason, setReason] = useState('');
  const approve = useApiMutation('operatorApproveCredit', ['operatorCreditProposals']);
  const deny = useApiMutation('operatorDenyCredit', ['operatorCreditProposals']);
  const params = { credit_proposal_id: proposal.id };
  const act = async () => {
    const done = how === 'approve' ? approve.mutateAsync({ params }) : deny.mutateAsync({ params, body: { reason } });
    await done.then(onClose, () => undefined);
  };
  const words = { amount: format.money(proposal.amount), organization: proposal.organization_name };
  return (
    <Confirm
      title={t(how === 'approve' ? 'approveCredit' : 'denyCredit', words)}
      action={t(how === 'approve' ? 'agree' : 'deny')}
      danger={how === 'deny'}
      busy={approve.isPending || deny.isPending}
      error={approve.error ?? deny.error}
      onConfirm={() => void act()}
      onClose={onClose}
    >
      {how === 'approve' ? (
        t('approveCreditText')
      ) : (
        <Field label={t('reason')}>
          {(control) => (
            <Input {...control} value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} />
          )}
        </Field>
      )}
    </Confirm>
  );
}
