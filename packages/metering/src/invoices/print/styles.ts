import { StyleSheet } from '@react-pdf/renderer';
import { FAMILY } from './fonts';

export const INK = '#1b1d24';
export const MUTED = '#646873';
export const HAIRLINE = '#dcdde1';
export const BRAND = '#cf3f1d';

/** Widths of the table's columns; the first takes the rest. */
export const COLUMN = { gpus: 40, seconds: 66, price: 88, amount: 84 } as const;

// No lineHeight anywhere: the layout engine multiplies it by the font size again for every page of a long document. The
// font's own (1.45) is what is wanted.
export const styles = StyleSheet.create({
  page: {
    fontFamily: FAMILY,
    fontSize: 8.5,
    // A digest is copied letter by letter: no ligatures of f and i.
    fontFeatureSettings: { liga: 0 },
    color: INK,
    paddingTop: 44,
    paddingHorizontal: 46,
    paddingBottom: 58,
  },
  row: { flexDirection: 'row' },
  muted: { color: MUTED },
  small: { fontSize: 7, color: MUTED },
  strong: { fontWeight: 500 },
  label: { fontSize: 7, color: MUTED, marginBottom: 2 },
  right: { textAlign: 'right' },

  head: { flexDirection: 'row', justifyContent: 'space-between', alignItems: 'flex-start', marginBottom: 26 },
  mark: { width: 20, height: 20, marginRight: 7 },
  brand: { fontSize: 11.5, fontWeight: 500 },
  title: { fontSize: 19, fontWeight: 500, textAlign: 'right' },

  parties: { flexDirection: 'row', gap: 26, marginBottom: 22 },
  party: { flex: 1 },
  facts: { width: 186 },
  fact: { flexDirection: 'row', marginBottom: 2 },
  factName: { width: 54, color: MUTED },
  factValue: { flex: 1 },

  callout: {
    flexDirection: 'row',
    justifyContent: 'space-between',
    alignItems: 'center',
    borderTopWidth: 0.75,
    borderBottomWidth: 0.75,
    borderColor: INK,
    paddingVertical: 9,
    marginBottom: 20,
  },
  sum: { fontSize: 16, fontWeight: 500 },
  note: { color: MUTED, marginBottom: 16 },

  tableHead: {
    flexDirection: 'row',
    borderBottomWidth: 0.75,
    borderColor: INK,
    paddingBottom: 4,
    fontSize: 7.5,
    color: MUTED,
  },
  line: { borderBottomWidth: 0.5, borderColor: HAIRLINE, paddingVertical: 7 },
  item: { flex: 1, paddingRight: 14 },
  figure: { textAlign: 'right' },
  segment: { flexDirection: 'row', fontSize: 7, color: MUTED },

  totals: { marginTop: 12, marginLeft: 'auto', width: 224 },
  totalRow: { flexDirection: 'row', justifyContent: 'space-between', paddingVertical: 2.5 },
  grandTotal: {
    flexDirection: 'row',
    justifyContent: 'space-between',
    borderTopWidth: 0.75,
    borderColor: INK,
    marginTop: 4,
    paddingTop: 6,
    fontSize: 10.5,
    fontWeight: 500,
  },

  proof: { marginTop: 30, borderTopWidth: 0.5, borderColor: HAIRLINE, paddingTop: 10 },
  footer: {
    position: 'absolute',
    left: 46,
    right: 46,
    bottom: 28,
    flexDirection: 'row',
    justifyContent: 'space-between',
    fontSize: 7,
    color: MUTED,
  },
});
