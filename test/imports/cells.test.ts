import { describe, expect, it } from '@jest/globals'
import { itemCells } from '../../src/imports/item-cells-rules.ts'
import { type ItemField as Field, itemFields as fields } from '../../src/imports/item-fields-rules.ts'
import { Places, type Vocabulary } from '../../src/imports/words-rules.ts'

const vocabulary: Vocabulary = {
  places: new Places([
    { id: 1, code: 'ash', name: 'Ash Ward' },
    { id: 2, code: 'hub-1', name: 'Digital Hub' },
    { id: 3, code: 'hub-2', name: 'Digital Hub' },
    { id: 4, code: 'old', name: 'Old Ward', is_closed: true },
    { id: 5, code: 'old-elm', name: 'Elm Ward', is_closed: true },
    { id: 6, code: 'elm', name: 'Elm-Ward' },
  ]),
  meanings: { categories: new Map([['mobile phones', 'smartphone']]), places: new Map([['main store', 'hub-1']]) },
  today: '2026-08-03',
}

const fieldNames = Object.keys(fields) as Field[]
/** As rows are read: without the spaces around a cell. */
const read = (field: Field, cell: string) => itemCells.read(field, cell.trim(), vocabulary)
const isEmptyCell = (cell: string, field: Field) => itemCells.isEmpty(cell.trim(), field)

describe('what a cell says', () => {
  it.each<[Field, string, unknown]>([
    ['tag', ' TAB-0101 ', 'TAB-0101'],
    ['tag', 'TAB\u200b-0101', 'TAB-0101'],
    ['category', 'tablet', 'tablet'],
    ['category', 'Tablets', 'tablet'],
    ['category', 'LOCKER BAY', 'locker-bay'],
    ['category', 'SIM cards', 'sim'],
    ['category', 'Mobile phones', 'smartphone'],
    ['maker', ' Apple  Inc ', 'Apple Inc'],
    ['supportEndsOn', '30/9/2029', '2029-09-30'],
    ['connector', 'USB-C', 'usb-c'],
    ['connector', 'usb type c', 'usb-c'],
    ['connector', 'Micro USB', 'micro-usb'],
    ['connector', 'Qi', 'wireless'],
    ['cableLength', '100', 100],
    ['cableLength', '90 cm', 90],
    ['serial', '1E5', '1E5'],
    ['imei', '49 015420 323751 8', '490154203237518'],
    ['phoneNumber', '07700 900123', '07700 900123'],
    ['keptAt', 'ash ward', 1],
    ['keptAt', 'ASH', 1],
    ['keptAt', 'hub-2', 3],
    ['keptAt', 'Main  Store', 2],
    ['keptAt', 'Elm Ward', 6],
    ['boughtOn', '3/8/2026', '2026-08-03'],
    ['boughtOn', '2025-12-31', '2025-12-31'],
    ['boughtOn', '31 December 2025', '2025-12-31'],
    ['cost', '£1,234.50', 123_450],
    ['cost', '0', 0],
    ['notes', 'Two\r\nlines', 'Two\nlines'],
    ['quantity', '1', 1],
    ['quantity', '1.0', 1],
  ])('%s "%s" is read', (field, cell, value) => {
    expect(read(field, cell)).toEqual({ value })
  })

  it.each<[Field, string, RegExp]>([
    ['tag', 'new', /^Asset tag cannot be “new”, because the service uses that word itself$/],
    ['tag', 'IMPORT', /^Asset tag cannot be “IMPORT”/],
    ['tag', '..', /^Asset tag cannot be/],
    ['tag', '1.2E+11', /^Asset tag 1\.2E\+11 is not complete: the spreadsheet shortened it\./],
    ['tag', 'x'.repeat(61), /^Asset tag must be 60 characters or less\. This has 61$/],
    ['category', 'Phones', /^This is not one of our categories\..*Tablet, Smartphone/],
    ['maker', 'x'.repeat(101), /^Maker must be 100 characters or less/],
    ['connector', 'MagSafe 1', /^Connector must be one of these: USB-C, Lightning, Micro-USB, Wireless/],
    ['cableLength', '1.5 m', /^Cable length must be whole centimetres from 0 to 1,000/],
    ['cableLength', '1001', /^Cable length must be whole centimetres/],
    ['serial', 'x'.repeat(101), /^Serial number must be 100 characters or less\. This has 101$/],
    ['serial', '4.93E+12', /^Serial number 4\.93E\+12 is not complete/],
    ['imei', '3.5E+14', /^IMEI 3\.5E\+14 is not complete: the spreadsheet shortened it/],
    ['imei', '490154203237519', /^IMEI has a wrong digit/],
    ['imei', '49015420323751', /^IMEI must be 15 digits\. This one has 14$/],
    ['iccid', '8944990000000000018', /has a wrong digit/],
    ['iccid', '8.94499E+18', /is not complete/],
    ['phoneNumber', '7700900123', /Did the first 0 of 7700900123 get lost\?$/],
    ['keptAt', 'Nowhere', /^This is not one of our places/],
    ['keptAt', 'old ward', /^This place is closed/],
    ['keptAt', 'Digital Hub', /^More than one place has this name\. Write its code/],
    ['boughtOn', '3/8/25', /has a year with 2 numbers/],
    ['boughtOn', '12/25/2025', /has the month first\. Write the day first: 25\/12\/2025$/],
    ['boughtOn', '45000', /is how Excel counts days/],
    ['boughtOn', '4/8/2026', /^Date it was bought must be today or in the past$/],
    ['cost', 'about 20', /^Cost must be an amount of money, like £249\.99$/],
    ['cost', '-5', /^Cost must not be less than £0$/],
    ['cost', '1.234,50', /^Cost must use a point before the pence/],
    ['cost', '$20', /^Cost must be in pounds/],
    ['notes', 'x'.repeat(2_001), /^Notes must be 2,000 characters or less\. This has 2001$/],
    ['quantity', '12', /^A row is one thing\./],
    ['serial', '#N/A', /^A formula in the spreadsheet failed/],
    ['cost', '#REF!', /^A formula in the spreadsheet failed/],
  ])('%s "%s" says what to do', (field, cell, text) => {
    expect(read(field, cell).error?.text).toMatch(text)
  })

  it.each(['', '  ', '-', '—', 'n/a', 'N/A', 'None', 'NULL'])('"%s" says nothing', (cell) => {
    expect(isEmptyCell(cell, 'serial')).toBe(true)
  })

  it('lets a note be a word that says nothing elsewhere', () => {
    expect(isEmptyCell('None', 'notes')).toBe(false)
  })
})

describe('the examples on the upload page', () => {
  it.each(fieldNames)('the example for %s can be read', (field) => {
    expect(read(field, fields[field].example).error).toBeUndefined()
  })
})
