'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi } from '@/api/hooks';
import type { AccountBilling as Account } from '@/api/types';
import { compareDecimal } from '@/lib/decimal';
import { useFormat } from '@/lib/use-format';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { ErrorNotice } from '@/ui/problem';
import { Stat, StatRow } from '@/ui/stat';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';
import { AccountDialog, type Act } from './account-dialog';

/** One account's money and documents, with what an operator may do about each. */
export function AccountBilling({ organizationId }: { organizationId: string }) {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  const [act, setAct] = useState<Act | null>(null);
  const found = useApi('operatorAccountBilling', { params: { organization_id: organizationId } }, { pollMs: 30_000 });
  const account = found.data;
  if (!account) return found.error ? <ErrorNotice error={found.error} onRetry={() => void found.refetch()} /> : null;
  return (
    <>
      <Section
        title={t('money')}
        description={t('moneyText')}
        actions={
          <Button size="sm" onClick={() => setAct({ kind: 'grant', account })}>
            {t('grant')}
          </Button>
        }
        bare
      >
        <StatRow>
          <Stat label={t('balance')} value={format.money(account.balance)} hint={t(`stages.${account.stage}`)} />
          <Stat label={t('available')} value={format.money(account.available)} />
          <Stat label={t('owed')} value={format.money(account.owed)} />
          <Stat label={t('promotional')} value={format.money(account.promotional)} />
        </StatRow>
      </Section>
      <Section title={t('invoices')} flush>
        <Invoices account={account} onAct={setAct} />
      </Section>
      <Section title={t('payments')} flush>
        <Payments account={account} onAct={setAct} />
      </Section>
      {act && <AccountDialog act={act} onClose={() => setAct(null)} />}
    </>
  );
}

interface PartProps {
  account: Account;
  onAct: (act: Act) => void;
}

/** A second in the middle of a period, whose month is the period's in every time zone. */
const middleOf = (span: { period_from: string; period_to: string }) =>
  Math.round((Date.parse(span.period_from) + Date.parse(span.period_to)) / 2000);

const isAbove0 = ({ amount }: { amount: string }) => compareDecimal(amount, '0') > 0;

function Invoices({ account, onAct }: PartProps) {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  if (account.invoices.length === 0) return <p className="p-4 text-muted text-sm">{t('noInvoices')}</p>;
  return (
    <Table label={t('invoices')}>
      <Head>
        <Th>{t('invoice')}</Th>
        <Th>{t('state')}</Th>
        <Th align="right">{t('total')}</Th>
        <Th align="right" from="sm">
          {t('due')}
        </Th>
        <Th align="right" from="md">
          {t('credited')}
        </Th>
        <Th>
          <span className="sr-only">{t('giveBack')}</span>
        </Th>
      </Head>
      <tbody>
        {account.invoices.map((invoice) => (
          <Tr key={invoice.id}>
            <Td className="font-medium">
              {invoice.number}
              <span className="block font-normal text-subtle text-xs">
                <Time at={middleOf(invoice)} style="month" />
              </span>
            </Td>
            <Td>
              <Badge tone={invoice.status === 'void' ? 'neutral' : 'success'}>
                {t(`invoiceStates.${invoice.status}`)}
              </Badge>
            </Td>
            <Td align="right" className="tnum">
              {format.money(invoice.total)}
            </Td>
            <Td align="right" from="sm" className="tnum">
              {format.money(invoice.due)}
            </Td>
            <Td align="right" from="md" className="tnum text-muted">
              {format.money(invoice.credited)}
            </Td>
            <Td align="right">
              <span className="inline-flex flex-wrap justify-end gap-2">
                {isAbove0(invoice.creditable) && (
                  <Button size="sm" onClick={() => onAct({ kind: 'credit', invoice })}>
                    {t('giveBack')}
                  </Button>
                )}
                {invoice.void_refusal === null ? (
                  <Button size="sm" variant="ghost" onClick={() => onAct({ kind: 'void', invoice })}>
                    {t('void')}
                  </Button>
                ) : (
                  <span className="max-w-48 whitespace-normal text-subtle text-xs">
                    {t(`voidRefusals.${invoice.void_refusal}`)}
                  </span>
                )}
              </span>
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function Payments({ account, onAct }: PartProps) {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  if (account.payments.length === 0) return <p className="p-4 text-muted text-sm">{t('noPayments')}</p>;
  return (
    <Table label={t('payments')}>
      <Head>
        <Th>{t('reference')}</Th>
        <Th align="right">{t('amount')}</Th>
        <Th align="right">{t('refunded')}</Th>
        <Th align="right" from="md">
          {t('arrived')}
        </Th>
        <Th>
          <span className="sr-only">{t('refund')}</span>
        </Th>
      </Head>
      <tbody>
        {account.payments.map((payment) => (
          <Tr key={payment.id}>
            <Td>
              <code className="font-mono text-xs">{payment.reference}</code>
              {payment.provider === 'stripe' && <span className="block text-subtle text-xs">{t('paidOnline')}</span>}
            </Td>
            <Td align="right" className="tnum">
              {format.money(payment.amount)}
            </Td>
            <Td align="right" className="tnum text-muted">
              {format.money(payment.refunded)}
            </Td>
            <Td align="right" from="md" className="text-muted">
              {payment.settled_at && <Time at={payment.settled_at} />}
            </Td>
            <Td align="right">
              {isAbove0(payment.refundable) && (
                <Button size="sm" onClick={() => onAct({ kind: 'refund', payment })}>
                  {t('refund')}
                </Button>
              )}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
