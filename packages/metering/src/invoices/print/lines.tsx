import { Text, View } from '@react-pdf/renderer';
import { inLocale, type Locale } from '@suanxiang/domain/locale';
import type { InvoiceLine, InvoiceSegment, InvoiceView } from '../view';
import { amountText, gpusText, grouped, localTime, priceText } from './format';
import { COLUMN, styles } from './styles';
import { type InvoiceTexts, undeliveredReason } from './texts';

/** In the place of a figure that a line does not have: tiers are of many allocations, a commitment of none. */
const NOTHING = '–';

interface Props {
  invoice: InvoiceView;
  locale: Locale;
  texts: InvoiceTexts;
}

/** Neighbouring segments at one price as one stretch: an undelivered gap cuts a line, yet not its price. */
function stretches(segments: readonly InvoiceSegment[]): InvoiceSegment[] {
  const merged: InvoiceSegment[] = [];
  for (const segment of segments) {
    const last = merged.at(-1);
    const isSame =
      last?.microPerGpuHour === segment.microPerGpuHour && last?.gpus === segment.gpus && last.kind === segment.kind;
    if (!last || !isSame) merged.push({ ...segment });
    else {
      last.toS = segment.toS;
      last.billedSeconds += segment.billedSeconds;
    }
  }
  return merged;
}

/** What was not delivered, by reason. */
function undeliveredText(line: InvoiceLine, locale: Locale, texts: InvoiceTexts): string {
  const reasons = [...new Set(line.undelivered.map((gap) => undeliveredReason(gap.reason, locale)))];
  return texts.undelivered(grouped(String(line.undeliveredSeconds)), reasons.join(texts.comma));
}

function LineDetails({ line, invoice, locale, texts }: Props & { line: InvoiceLine }) {
  const { timeZone } = invoice;
  return (
    <View>
      <Text style={styles.small}>
        {localTime(line.fromS, timeZone)} – {localTime(line.toS, timeZone)}
      </Text>
      <Text style={styles.small}>{line.sku}</Text>
      {line.kind === 'adjustment' ? <Text style={styles.small}>{texts.correction}</Text> : null}
      {line.undeliveredSeconds > 0 ? <Text style={styles.small}>{undeliveredText(line, locale, texts)}</Text> : null}
      {line.minimumSeconds > 0 ? (
        <Text style={styles.small}>{texts.minimum(grouped(String(line.minimumSeconds)))}</Text>
      ) : null}
      {line.kind === 'commitment' ? null : (
        <Text style={styles.small}>
          {texts.measured(grouped(String(line.measuredSeconds)))}
          {texts.comma}
          {texts.blocks(grouped(String(line.blockCount)), line.blocksDigest.slice(0, 16))}
        </Text>
      )}
    </View>
  );
}

function SegmentRow({ segment, invoice, texts }: Props & { segment: InvoiceSegment }) {
  const { currency, timeZone } = invoice;
  const price = segment.microPerGpuHour === null ? '–' : priceText(segment.microPerGpuHour, currency);
  return (
    <View style={styles.segment} wrap={false}>
      <Text style={{ flex: 1 }}>
        {localTime(segment.fromS, timeZone)} – {localTime(segment.toS, timeZone)}
      </Text>
      <Text>
        {texts.segment(gpusText(segment.gpus), grouped(String(segment.billedSeconds)))} × {price} {texts.perGpuHour}
      </Text>
    </View>
  );
}

function Line(props: Props & { line: InvoiceLine }) {
  const { line, invoice, locale, texts } = props;
  const { currency } = invoice;
  const parts = stretches(line.segments.filter((segment) => segment.kind === 'usage'));
  const prices = [...new Set(parts.map((part) => part.microPerGpuHour))];
  const isMeasured = line.kind !== 'commitment';
  const severalPrices = isMeasured ? texts.severalPrices : NOTHING;
  const price = prices.length === 1 && prices[0] != null ? priceText(prices[0], currency) : severalPrices;
  return (
    <View style={styles.line} wrap={parts.length > 6}>
      <View style={styles.row}>
        <View style={styles.item}>
          <Text style={styles.strong}>{inLocale(line.description, locale)}</Text>
          <LineDetails {...props} />
        </View>
        <Text style={[styles.figure, { width: COLUMN.gpus }]}>{line.gpus || NOTHING}</Text>
        <Text style={[styles.figure, { width: COLUMN.seconds }]}>
          {isMeasured ? grouped(String(line.billedSeconds)) : NOTHING}
        </Text>
        <Text style={[styles.figure, { width: COLUMN.price }]}>{price}</Text>
        <Text style={[styles.figure, { width: COLUMN.amount }]}>{amountText(line.amountMinor, currency)}</Text>
      </View>
      {prices.length > 1 ? (
        <View style={{ marginTop: 3 }}>
          {parts.map((part) => (
            <SegmentRow key={`${part.fromS} ${part.kind}`} {...props} segment={part} />
          ))}
        </View>
      ) : null}
    </View>
  );
}

/** The table of lines; its head stands on every page that it reaches. */
export function Lines(props: Props) {
  const { invoice, texts } = props;
  return (
    <View>
      <View style={styles.tableHead} fixed>
        <Text style={{ flex: 1 }}>{texts.item}</Text>
        <Text style={[styles.figure, { width: COLUMN.gpus }]}>{texts.gpus}</Text>
        <Text style={[styles.figure, { width: COLUMN.seconds }]}>{texts.seconds}</Text>
        <Text style={[styles.figure, { width: COLUMN.price }]}>{texts.price}</Text>
        <Text style={[styles.figure, { width: COLUMN.amount }]}>
          {texts.amount} ({invoice.currency})
        </Text>
      </View>
      {invoice.lines.length === 0 ? <Text style={[styles.line, styles.muted]}>{texts.noLines}</Text> : null}
      {invoice.lines.map((line) => (
        <Line key={line.key} {...props} line={line} />
      ))}
    </View>
  );
}
