/**
 * The messages of NASDAQ TotalView-ITCH 5.0 as tables of fields, and a reader of any of them by its table.
 *
 * Source: NASDAQ TotalView-ITCH 5.0 specification (nasdaqtrader.com, NQTVITCHspecification.pdf, April 2023
 * with message O). All integers are big-endian and unsigned; text is ASCII, padded with spaces on the right;
 * times are nanoseconds since midnight; prices have 4 implied decimals, MWCB levels 8.
 */

/** Bytes are read as an integer, as one letter, or as text without the padding. */
export type ItchType = 'integer' | 'letter' | 'text';

export interface ItchField {
  readonly name: string;
  readonly type: ItchType;
  readonly offset: number;
  readonly bytes: number;
}

export interface ItchMessageType {
  /** The message's first byte as a letter. */
  readonly letter: string;
  readonly name: string;
  /** Bytes of the message with its type byte, without the frame's length. */
  readonly bytes: number;
  readonly fields: readonly ItchField[];
}

/** name:bytes of an integer, name:letter, name:text:bytes; in the order of the message. */
const HEADER = 'stockLocate:2 trackingNumber:2 timestampNs:6';
const ADD = 'orderRef:8 side:letter shares:4 stock:text:8 price:4';

const LAYOUTS: readonly (readonly [letter: string, name: string, fields: string])[] = [
  ['S', 'system event', 'eventCode:letter'],
  [
    'R',
    'stock directory',
    'stock:text:8 marketCategory:letter financialStatus:letter roundLotShares:4 roundLotsOnly:letter ' +
      'issueClassification:letter issueSubType:text:2 authenticity:letter shortSaleThreshold:letter ' +
      'ipoFlag:letter luldTier:letter etpFlag:letter etpLeverage:4 inverse:letter',
  ],
  ['H', 'trading action', 'stock:text:8 tradingState:letter reserved:letter reason:text:4'],
  ['Y', 'Reg SHO restriction', 'stock:text:8 action:letter'],
  [
    'L',
    'market participant position',
    'mpid:text:4 stock:text:8 primary:letter mode:letter participantState:letter',
  ],
  ['V', 'MWCB decline levels', 'level1:8 level2:8 level3:8'],
  ['W', 'MWCB status', 'breachedLevel:letter'],
  ['K', 'IPO quoting period', 'stock:text:8 releaseTimeS:4 releaseQualifier:letter price:4'],
  ['J', 'LULD auction collar', 'stock:text:8 referencePrice:4 upperPrice:4 lowerPrice:4 extension:4'],
  ['h', 'operational halt', 'stock:text:8 marketCode:letter action:letter'],
  ['A', 'add order', ADD],
  ['F', 'add order with MPID', `${ADD} attribution:text:4`],
  ['E', 'order executed', 'orderRef:8 shares:4 matchNumber:8'],
  ['C', 'order executed with price', 'orderRef:8 shares:4 matchNumber:8 printable:letter price:4'],
  ['X', 'order cancel', 'orderRef:8 shares:4'],
  ['D', 'order delete', 'orderRef:8'],
  ['U', 'order replace', 'orderRef:8 newOrderRef:8 shares:4 price:4'],
  ['P', 'trade', `${ADD} matchNumber:8`],
  ['Q', 'cross trade', 'shares:8 stock:text:8 price:4 matchNumber:8 crossType:letter'],
  ['B', 'broken trade', 'matchNumber:8'],
  [
    'I',
    'net order imbalance',
    'pairedShares:8 imbalanceShares:8 direction:letter stock:text:8 farPrice:4 nearPrice:4 ' +
      'referencePrice:4 crossType:letter priceVariation:letter',
  ],
  ['N', 'retail price improvement', 'stock:text:8 interest:letter'],
  [
    'O',
    'direct listing price discovery',
    'stock:text:8 openEligibility:letter minimumPrice:4 maximumPrice:4 nearPrice:4 nearTimeNs:8 ' +
      'lowerPrice:4 upperPrice:4',
  ],
];

/** All message types in the order of the specification. */
export const ITCH_MESSAGES: readonly ItchMessageType[] = LAYOUTS.map(([letter, name, text]) => {
  const fields: ItchField[] = [];
  let offset = 1;
  for (const word of `${HEADER} ${text}`.split(' ')) {
    const [field = '', kind = '', width] = word.split(':');
    const type = kind === 'letter' || kind === 'text' ? kind : 'integer';
    const bytes = type === 'letter' ? 1 : Number(width ?? kind);
    fields.push({ name: field, type, offset, bytes });
    offset += bytes;
  }
  return { letter, name, bytes: offset, fields };
});

/** Message type by its first byte. */
export const ITCH_BY_BYTE: readonly (ItchMessageType | undefined)[] = Array.from({ length: 256 }, (_, byte) =>
  ITCH_MESSAGES.find(({ letter }) => letter.charCodeAt(0) === byte),
);

/** Offset of a field, from the type byte of the message. Throws Error for a field that is not there. */
export function itchOffset(letter: string, field: string): number {
  const found = ITCH_BY_BYTE[letter.charCodeAt(0)]?.fields.find(({ name }) => name === field);
  if (found === undefined) throw new Error(`ITCH message ${letter} has no field ${field}`);
  return found.offset;
}

/** Values by field name; integers of 8 bytes are bigint, shorter ones numbers. */
export type ItchValues = Readonly<Record<string, number | bigint | string>>;

/** Reads the message of type `type` that begins at `at` with its type byte. */
export function decodeItch(type: ItchMessageType, view: DataView, at: number): ItchValues {
  const values: Record<string, number | bigint | string> = {};
  for (const field of type.fields) {
    const from = at + field.offset;
    if (field.type !== 'integer') values[field.name] = asciiAt(view, from, field.bytes);
    else if (field.bytes === 8) values[field.name] = view.getBigUint64(from);
    else if (field.bytes === 6) values[field.name] = uint48At(view, from);
    else values[field.name] = field.bytes === 4 ? view.getUint32(from) : view.getUint16(from);
  }
  return values;
}

/** Nanoseconds of a timestamp field. */
export function uint48At(view: DataView, at: number): number {
  return view.getUint16(at) * 4_294_967_296 + view.getUint32(at + 2);
}

function asciiAt(view: DataView, at: number, bytes: number): string {
  let text = '';
  for (let i = 0; i < bytes; i++) text += String.fromCharCode(view.getUint8(at + i));
  return text.trimEnd();
}
