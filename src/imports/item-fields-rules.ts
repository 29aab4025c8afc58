import type { FieldTable } from './fields-rules.ts'

/** What a spreadsheet may say about an item. */
export const itemFields = {
  tag: {
    label: 'Asset tag',
    write: 'What is on the label. Every row needs one, and each must be different',
    example: 'TAB-0101',
  },
  category: {
    label: 'Category',
    write: 'What sort of thing it is. A model we do not know yet needs one',
    example: 'Tablet',
  },
  maker: { label: 'Maker', write: 'Who makes it', example: 'Apple' },
  model: { label: 'Model', write: 'The name of the model. A new item needs one', example: 'iPad 10th generation' },
  operatingSystem: { label: 'Operating system', write: 'Of the model', example: 'iPadOS 18' },
  supportEndsOn: { label: 'Security updates until', write: 'The last day the model gets them', example: '30/9/2029' },
  connector: { label: 'Connector', write: 'USB-C, Lightning, Micro-USB or Wireless', example: 'USB-C' },
  cableLength: { label: 'Cable length (cm)', write: 'In whole centimetres', example: '100' },
  serial: { label: 'Serial number', write: 'As it is on the device', example: 'F9FXK2ABCD' },
  imei: { label: 'IMEI', write: '15 digits, in a column with the format Text', example: '490154203237518' },
  iccid: {
    label: 'SIM number (ICCID)',
    write: '19 or 20 digits, in a column with the format Text',
    example: '8944990000000000011',
  },
  phoneNumber: { label: 'Phone number', write: 'Of the SIM, with its first 0', example: '07700 900123' },
  keptAt: { label: 'Kept at', write: 'The name or the code of a ward, team or hub', example: 'Ash Ward' },
  boughtOn: { label: 'Bought on', write: 'Day first, and all 4 numbers of the year', example: '3/8/2026' },
  cost: { label: 'Cost', write: 'In pounds', example: '349.99' },
  orderNumber: { label: 'Order number', write: 'Of the order it came with', example: 'PO-20417' },
  notes: { label: 'Notes', write: 'Anything else about the item, and nothing about people', example: 'Small scratch' },
  quantity: { label: 'How many', write: 'Always 1: each thing has a row and a tag of its own', example: '1' },
} as const satisfies FieldTable

export type ItemField = keyof typeof itemFields

/** The headings of the template, and of anything else we write that is to be read back. One of each: no quantity. */
export const itemTemplate = (Object.keys(itemFields) as ItemField[]).filter((field) => field !== 'quantity')
