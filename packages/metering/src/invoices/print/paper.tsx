import { Document, Page, Text, View } from '@react-pdf/renderer';
import type { Locale } from '@suanxiang/domain/locale';
import type { ReactNode } from 'react';
import type { Party } from '../view';
import { Mark } from './mark';
import { styles } from './styles';
import type { InvoiceTexts } from './texts';

interface PaperProps {
  title: string;
  number: string | null;
  author: string;
  locale: Locale;
  texts: Pick<InvoiceTexts, 'page'>;
  children: ReactNode;
}

/** A4 with our head and, on every page, a foot with number and page. */
export function Paper({ title, number, author, locale, texts, children }: PaperProps) {
  return (
    <Document title={`${title} ${number ?? ''}`.trim()} author={author} language={locale}>
      <Page size="A4" style={styles.page} experimentalPagination>
        <View style={styles.footer} fixed>
          <Text>{number ?? title}</Text>
          <Text render={({ pageNumber, totalPages }) => texts.page(pageNumber, totalPages)} />
        </View>
        <View style={styles.head}>
          <View style={[styles.row, { alignItems: 'center' }]}>
            <Mark />
            <Text style={styles.brand}>算想云 Suanxiang Cloud</Text>
          </View>
          <Text style={styles.title}>{title}</Text>
        </View>
        {children}
      </Page>
    </Document>
  );
}

/** A company with its address. */
export function PartyBlock({ label, party, texts }: { label: string; party: Party; texts: InvoiceTexts }) {
  return (
    <View style={styles.party}>
      <Text style={styles.label}>{label}</Text>
      <Text style={styles.strong}>{party.name}</Text>
      {party.address ? <Text>{party.address}</Text> : null}
      {party.taxId ? (
        <Text style={styles.muted}>
          {texts.taxId} {party.taxId}
        </Text>
      ) : null}
    </View>
  );
}

/** A name and its value in the column of facts. */
export function Fact({ name, value }: { name: string; value: string }) {
  return (
    <View style={styles.fact}>
      <Text style={styles.factName}>{name}</Text>
      <Text style={styles.factValue}>{value}</Text>
    </View>
  );
}

/** A row below the lines. */
export function TotalRow({ name, value }: { name: string; value: string }) {
  return (
    <View style={styles.totalRow}>
      <Text style={styles.muted}>{name}</Text>
      <Text>{value}</Text>
    </View>
  );
}
