import { Text, View } from '@react-pdf/renderer';
import type { Locale } from '@suanxiang/domain/locale';
import type { InvoiceView } from '../view';
import { localTime, moneyText, offsetText, percentText } from './format';
import { Lines } from './lines';
import { Fact, Paper, PartyBlock, TotalRow } from './paper';
import { styles } from './styles';
import { type InvoiceTexts, invoiceTexts } from './texts';

type State = keyof InvoiceTexts['state'];

function stateOf(invoice: InvoiceView): State {
  if (invoice.status !== 'final') return invoice.status;
  if (invoice.dueMinor === 0n) return 'paid';
  return invoice.paidMinor > 0n ? 'partly' : 'open';
}

function titleOf(state: State, texts: InvoiceTexts): string {
  if (state === 'draft' || state === 'closing') return texts.draftTitle;
  return state === 'void' ? texts.voidTitle : texts.title;
}

function Facts({ invoice, texts }: { invoice: InvoiceView; texts: InvoiceTexts }) {
  const { timeZone, fromS, toS, number, issuedS, currency } = invoice;
  return (
    <View style={styles.facts}>
      {number ? <Fact name={texts.number} value={number} /> : null}
      {issuedS === null ? null : <Fact name={texts.issued} value={localTime(issuedS, timeZone)} />}
      <Fact name={texts.period} value={`${localTime(fromS, timeZone)} –\n${localTime(toS, timeZone)}`} />
      <Fact name={texts.timeZone} value={`${timeZone} (${offsetText(fromS, timeZone)})`} />
      <Fact name={texts.currency} value={currency} />
    </View>
  );
}

/** The one figure that matters: what is due, or what it came to. */
function Callout({ invoice, texts }: { invoice: InvoiceView; texts: InvoiceTexts }) {
  const state = stateOf(invoice);
  const isDue = state === 'open' || state === 'partly';
  const isOpen = state === 'draft' || state === 'closing';
  const minor = isDue ? invoice.dueMinor : invoice.totalMinor;
  return (
    <View style={styles.callout}>
      <View>
        <Text style={styles.label}>{isDue ? texts.due : isOpen ? texts.soFar : texts.total}</Text>
        <Text style={styles.sum}>{moneyText(minor, invoice.currency)}</Text>
      </View>
      <Text style={styles.strong}>{texts.state[state]}</Text>
    </View>
  );
}

function Totals({ invoice, texts }: { invoice: InvoiceView; texts: InvoiceTexts }) {
  const money = (minor: bigint) => moneyText(minor, invoice.currency);
  return (
    <View style={styles.totals} wrap={false}>
      <TotalRow name={texts.subtotal} value={money(invoice.subtotalMinor)} />
      {invoice.promoMinor > 0n && <TotalRow name={texts.promo} value={money(-invoice.promoMinor)} />}
      <TotalRow name={texts.tax(percentText(invoice.taxRatePpm))} value={money(invoice.taxMinor)} />
      <TotalRow name={texts.total} value={money(invoice.totalMinor)} />
      {invoice.paidMinor > 0n ? <TotalRow name={texts.paidFromBalance} value={money(-invoice.paidMinor)} /> : null}
      {invoice.creditedMinor > 0n ? <TotalRow name={texts.credited} value={money(-invoice.creditedMinor)} /> : null}
      <View style={styles.grandTotal}>
        <Text>{texts.amountDue}</Text>
        <Text>{money(invoice.dueMinor)}</Text>
      </View>
    </View>
  );
}

function Proof({ invoice, texts }: { invoice: InvoiceView; texts: InvoiceTexts }) {
  const command = invoice.digest ? ` ${invoice.id} --key ${invoice.lines[0]?.key ?? 'usage:…'}` : '';
  return (
    <View style={styles.proof} wrap={false}>
      <Text style={[styles.label, styles.strong]}>{texts.proofTitle}</Text>
      <Text style={styles.small}>{invoice.digest ? `${texts.proof}${command}` : texts.proofDraft}</Text>
      {invoice.digest ? (
        <Text style={[styles.small, { marginTop: 4 }]}>
          {texts.digest} {invoice.digest}
        </Text>
      ) : null}
      <Text style={styles.small}>
        {texts.engine} {invoice.engineVersion}
      </Text>
    </View>
  );
}

/** What must be said above the lines of a paper that is not a demand for payment. */
function noteOf(invoice: InvoiceView, state: State, texts: InvoiceTexts): string | null {
  if (state === 'closing') return texts.closingNote(localTime(invoice.finalS ?? invoice.toS, invoice.timeZone));
  if (state === 'draft') return texts.draftNote;
  return invoice.number?.startsWith('TEST-') ? texts.sandboxNote : null;
}

/** An invoice on A4. */
export function InvoiceDocument({ invoice, locale }: { invoice: InvoiceView; locale: Locale }) {
  const texts = invoiceTexts(locale);
  const state = stateOf(invoice);
  const title = titleOf(state, texts);
  const note = noteOf(invoice, state, texts);
  return (
    <Paper title={title} number={invoice.number} author={invoice.seller.name} locale={locale} texts={texts}>
      <View style={styles.parties}>
        <PartyBlock label={texts.seller} party={invoice.seller} texts={texts} />
        <PartyBlock label={texts.buyer} party={invoice.buyer} texts={texts} />
        <Facts invoice={invoice} texts={texts} />
      </View>
      <Callout invoice={invoice} texts={texts} />
      {note ? <Text style={styles.note}>{note}</Text> : null}
      <Lines invoice={invoice} locale={locale} texts={texts} />
      <Totals invoice={invoice} texts={texts} />
      <Proof invoice={invoice} texts={texts} />
    </Paper>
  );
}
