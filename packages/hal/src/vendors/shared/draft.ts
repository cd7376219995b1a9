import type { Notes } from './notes';
import { type DeviceReading, emptyDevice, type Health } from './reading';
import { FIELDS, type FieldName, type UnitName } from './units';
import { isErrorToken, isLost, isUnavailable, parseQuantity } from './values';

/** A device while it is being read: values go in through checks, facts for its health are kept beside it. */
export class Draft {
  readonly reading: DeviceReading = emptyDevice();
  /** Codes of the fault catalogue that the source shows; our own without a vendor. */
  readonly faults = new Set<string>();
  /** The vendor's own word on health, when the tool prints one. */
  vendorHealth: Health | null = null;

  constructor(readonly notes: Notes) {}

  /** How warnings call the device. */
  get name(): string {
    const { index, pci, uuid, position } = this.reading;
    return `device ${position ?? index ?? pci ?? uuid ?? '?'}`;
  }

  /** Stores a printed value unless the field has one; says whether the field has a value now. */
  set(field: FieldName, text: string | undefined, unit: UnitName, source: string = field): boolean {
    if (text === undefined) return this.reading[field] !== null;
    if (this.reading[field] !== null) return true;
    if (isLost(text)) {
      this.faults.add('lost');
      this.notes.add(`"${text.trim().slice(0, 60)}" instead of a value: ${source} of ${this.name}.`);
      return false;
    }
    return FIELDS[field].dimension === 'text'
      ? this.#setText(field, text, source)
      : this.#setNumber(field, text, unit, source);
  }

  /** Stores a number that is in the schema's unit already, within the field's range; zero has no sign. */
  setNumber(field: FieldName, value: number | null, source: string = field): boolean {
    if (value === null || this.reading[field] !== null) return this.reading[field] !== null;
    const { min, max } = FIELDS[field];
    if (!Number.isSafeInteger(value) || value < min || value > max) {
      if (!(value === 0 && min > 0)) this.notes.add(`Out of range, left out: ${source} of ${this.name}.`);
      return false;
    }
    (this.reading as unknown as Record<string, unknown>)[field] = value === 0 ? 0 : value;
    return true;
  }

  #setText(field: FieldName, text: string, source: string): boolean {
    const value = text.trim();
    if (isErrorToken(value)) {
      this.faults.add('reading-failed');
      this.notes.add(`"${value.slice(0, 60)}" instead of a value: ${source} of ${this.name}.`);
      return false;
    }
    if (isUnavailable(value)) {
      this.notes.unavailable(field, value);
      return false;
    }
    if (field === 'serial' && /^0+$/.test(value)) {
      this.notes.add('A serial number of zeros only was left out: it identifies nothing.');
      return false;
    }
    (this.reading as unknown as Record<string, unknown>)[field] = value.slice(0, 200);
    return true;
  }

  #setNumber(field: FieldName, text: string, unit: UnitName, source: string): boolean {
    const quantity = parseQuantity(text, FIELDS[field].dimension, unit);
    if (quantity.kind === 'unavailable') {
      this.notes.unavailable(field, quantity.token);
      return false;
    }
    if (quantity.kind !== 'value') {
      if (quantity.kind === 'error') this.faults.add('reading-failed');
      this.notes.add(`"${quantity.token.slice(0, 60)}" instead of a value: ${source} of ${this.name}.`);
      return false;
    }
    if (quantity.decimalComma) this.notes.add('Decimal commas were read as decimal points.');
    if (quantity.binaryAsDecimal) this.notes.add('MB, KB and GB of this tool count in 1,024s and were read so.');
    return this.setNumber(field, quantity.value, source);
  }
}
