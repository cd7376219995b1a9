import { Text, View } from '@react-pdf/renderer';
import { inLocale, type Locale } from '@suanxiang/domain/locale';
import type { CreditNoteView } from '../read-credit-notes';
import { amountText, localTime, moneyText, offsetText, percentText } from './format';
import { Fact, Paper, PartyBlock, TotalRow } from './paper';
import { COLUMN, styles } from './styles';
import { creditNoteTexts, type InvoiceTexts, invoiceTexts } from './texts';

type Texts = InvoiceTexts & ReturnType<typeof creditNoteTexts>;

function Facts({ note, texts }: { note: CreditNoteView; texts: Texts }) {
  const { timeZone, fromS, toS, issuedS } = note;
  return (
    <View style={styles.facts}>
      <Fact name={texts.number} value={note.number} />
      <Fact name={texts.noteIssued} value={localTime(issuedS, timeZone)} />
      <Fact name={texts.corrects} value={note.invoiceNumber} />
      <Fact name={texts.period} value={`${localTime(fromS, timeZone)} –\n${localTime(toS, timeZone)}`} />
      <Fact name={texts.timeZone} value={`${timeZone} (${offsetText(fromS, timeZone)})`} />
      <Fact name={texts.currency} value={note.currency} />
    </View>
  );
}

function NoteLines({ note, locale, texts }: { note: CreditNoteView; locale: Locale; texts: Texts }) {
  return (
    <View>
      <View style={styles.tableHead} fixed>
        <Text style={{ flex: 1 }}>{texts.item}</Text>
        <Text style={[styles.figure, { width: COLUMN.amount }]}>
          {texts.amount} ({note.currency})
        </Text>
      </View>
      {note.lines.map((line) => (
        <View key={line.key} style={styles.line} wrap={false}>
          <View style={styles.row}>
            <View style={styles.item}>
              <Text style={styles.strong}>{inLocale(line.description, locale)}</Text>
              <Text style={styles.small}>{line.key}</Text>
            </View>
            <Text style={[styles.figure, { width: COLUMN.amount }]}>{amountText(line.amountMinor, note.currency)}</Text>
          </View>
        </View>
      ))}
    </View>
  );
}

function NoteTotals({ note, texts }: { note: CreditNoteView; texts: Texts }) {
  const money = (minor: bigint) => moneyText(minor, note.currency);
  const toBalance = note.totalMinor - note.settledMinor;
  return (
    <View style={styles.totals} wrap={false}>
      <TotalRow name={texts.subtotal} value={money(note.netMinor)} />
      <TotalRow name={texts.tax(percentText(note.taxRatePpm))} value={money(note.taxMinor)} />
      <View style={styles.grandTotal}>
        <Text>{texts.givenBack}</Text>
        <Text>{money(note.totalMinor)}</Text>
      </View>
      {note.settledMinor > 0n ? <TotalRow name={texts.settled} value={money(note.settledMinor)} /> : null}
      {toBalance > 0n ? <TotalRow name={texts.toBalance} value={money(toBalance)} /> : null}
    </View>
  );
}

/** A credit note on A4. */
export function CreditNoteDocument({ note, locale }: { note: CreditNoteView; locale: Locale }) {
  const texts: Texts = { ...invoiceTexts(locale), ...creditNoteTexts(locale) };
  return (
    <Paper title={texts.noteTitle} number={note.number} author={note.seller.name} locale={locale} texts={texts}>
      <View style={styles.parties}>
        <PartyBlock label={texts.seller} party={note.seller} texts={texts} />
        <PartyBlock label={texts.buyer} party={note.buyer} texts={texts} />
        <Facts note={note} texts={texts} />
      </View>
      <View style={styles.callout}>
        <View>
          <Text style={styles.label}>{texts.givenBack}</Text>
          <Text style={styles.sum}>{moneyText(note.totalMinor, note.currency)}</Text>
        </View>
        <Text style={styles.strong}>{note.invoiceNumber}</Text>
      </View>
      <Text style={styles.note}>{note.number.startsWith('TEST-') ? texts.sandboxNote : texts.noteReason}</Text>
      <NoteLines note={note} locale={locale} texts={texts} />
      <NoteTotals note={note} texts={texts} />
      <View style={styles.proof} wrap={false}>
        <Text style={styles.small}>
          {texts.digest} {note.digest}
        </Text>
      </View>
    </Paper>
  );
}
