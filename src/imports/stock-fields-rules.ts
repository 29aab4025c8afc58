import type { FieldTable } from './fields-rules.ts'
import type { HeadingRules } from './headings-rules.ts'

/** What a spreadsheet may say of SIMs and vouchers that we have. Each row is one of them. */
export const stockFields = {
  what: { label: 'What it is', write: 'SIM, eSIM, Voucher or Hotspot. Every row needs one', example: 'SIM' },
  simNumber: {
    label: 'SIM number',
    write: '19 or 20 digits, printed on the card. For everything but a voucher',
    example: '8944110000000000007',
  },
  code: {
    label: 'Voucher code',
    write: 'For a voucher. It is encrypted as it arrives, and no page or file shows it again',
    example: 'ABCD-EFGH-1234',
  },
  provider: { label: 'Provider', write: 'Every row needs one', example: 'National Databank' },
  network: { label: 'Network', write: 'If it is another than the provider', example: 'O2' },
  amount: { label: 'Data', write: 'With its unit, or Unlimited. Every row needs one', example: '20 GB' },
  unit: { label: 'Unit', write: 'MB or GB, where the column Data does not say it', example: 'GB' },
  period: { label: 'How often', write: 'Once, Day, Week or Month. Empty: once', example: 'Month' },
  useBy: { label: 'Use by', write: 'The last day to start it. Empty: it keeps', example: '31/3/2027' },
  funder: { label: 'Paid by', write: 'Who pays, if anybody is named', example: 'Good Things Foundation' },
  cost: { label: 'Cost', write: 'In pounds', example: '12.50' },
} as const satisfies FieldTable

export type StockField = keyof typeof stockFields

export const stockTemplate = Object.keys(stockFields) as StockField[]

const known: Record<StockField, readonly string[]> = {
  what: ['what it is', 'type', 'kind', 'product type'],
  simNumber: ['sim number', 'iccid', 'sim', 'sim card number', 'sim serial', 'sim serial number', 'card number'],
  code: ['voucher code', 'code', 'voucher', 'pin', 'activation code', 'top up code'],
  provider: ['provider', 'supplier'],
  network: ['network', 'operator', 'carrier'],
  amount: ['data', 'amount', 'allowance', 'data allowance'],
  unit: ['unit', 'units'],
  period: ['how often', 'period', 'frequency'],
  useBy: ['use by', 'expires', 'expiry', 'expiry date', 'expires on', 'activate by', 'valid until'],
  funder: ['paid by', 'funder', 'funded by'],
  cost: ['cost', 'price'],
}

export const stockHeadings: HeadingRules = {
  fields: Object.keys(stockFields),
  known,
  telling: { simNumber: /\b(?:iccid|sim)\b/ },
  neverTelling: /\b(?:code|pin|puk)\b/,
  onlyWhere: {},
  leftOut: [],
}
