import { describe, expect, it } from '@jest/globals'
import {
  type Column,
  guessColumns as guessBy,
  headingKey,
  whyLeftOut as whyBy,
} from '../../src/imports/headings-rules.ts'
import { itemFields as fields } from '../../src/imports/item-fields-rules.ts'
import { itemHeadings } from '../../src/imports/item-headings-rules.ts'
import { fileKinds } from '../../src/imports/kinds-rules.ts'
import { guessMapping, readSheet } from '../../src/imports/sheet-actions.ts'
import { fixture } from './fixtures.ts'

const guessColumns = (columns: Column[]) => guessBy(columns, itemHeadings)
const whyLeftOut = (heading: string) => whyBy(heading, itemHeadings)

/** What is guessed for headings that all have something under them, as an object that is easy to read. */
function guess(...headings: string[]): Record<string, string> {
  return Object.fromEntries(guessColumns(headings.map((heading) => ({ heading, samples: ['x'] }))))
}

async function guessFor(name: string): Promise<Record<string, string>> {
  const read = await readSheet(await fixture(name), fileKinds.items)
  if (read.error) throw new Error(read.error.text)
  return Object.fromEntries(guessMapping(read.value, fileKinds.items))
}

describe('the headings of other programs', () => {
  it('knows the asset list of Snipe-IT, and takes where a thing belongs over where it is', async () => {
    expect(await guessFor('snipe-it-asset-list.csv')).toEqual({
      'Asset Tag': 'tag',
      Category: 'category',
      Manufacturer: 'maker',
      Model: 'model',
      Serial: 'serial',
      IMEI: 'imei',
      'SIM ICCID': 'iccid',
      'Default Location': 'keptAt',
      'Purchase Date': 'boughtOn',
      'Purchase Cost': 'cost',
      'Order Number': 'orderNumber',
      Notes: 'notes',
    })
  })

  it('knows the import template of Snipe-IT', async () => {
    expect(await guessFor('snipe-it-import-template.csv')).toEqual({
      'Asset Tag': 'tag',
      Category: 'category',
      Manufacturer: 'maker',
      Model: 'model',
      Location: 'keptAt',
      'Purchase Date': 'boughtOn',
      'Purchase Cost': 'cost',
      'Order Number': 'orderNumber',
      'Asset Notes': 'notes',
    })
  })

  it('knows the older template of Snipe-IT, with its blank headings and its old line ends', async () => {
    expect(await guessFor('snipe-it-old-import-template.csv')).toEqual({
      'Asset Tag': 'tag',
      Category: 'category',
      Manufacturer: 'maker',
      'Model name': 'model',
      Serial: 'serial',
      Location: 'keptAt',
      'Purchase Date': 'boughtOn',
      'Purchase Cost': 'cost',
      Notes: 'notes',
    })
  })

  it('knows the custom report of Snipe-IT, whose headings come twice, and its custom fields', async () => {
    expect(await guessFor('snipe-it-custom-report.csv')).toEqual({
      'Asset Tag': 'tag',
      Category: 'category',
      Manufacturer: 'maker',
      Model: 'model',
      Serial: 'serial',
      _snipeit_imei_1: 'imei',
      'Default Location': 'keptAt',
      Purchased: 'boughtOn',
      Cost: 'cost',
      'Order Number': 'orderNumber',
      Notes: 'notes',
    })
  })

  it('knows the export of Shelf that is made to be imported', async () => {
    expect(await guessFor('shelf-import-ready.csv')).toEqual({
      barcode_Code128: 'tag',
      category: 'category',
      'cf:Maker,type:OPTION': 'maker',
      assetModel: 'model',
      'cf:Serial number,type:TEXT': 'serial',
      'cf:IMEI,type:TEXT': 'imei',
      location: 'keptAt',
      'cf:Purchase date,type:DATE': 'boughtOn',
      valuation: 'cost',
      description: 'notes',
    })
  })

  it('knows the asset index of Shelf, and takes the name for the model where the model is empty', async () => {
    expect(await guessFor('shelf-asset-index.csv')).toEqual({
      'Asset ID': 'tag',
      Category: 'category',
      Name: 'model',
      Serial: 'serial',
      IMEI: 'imei',
      Location: 'keptAt',
      Value: 'cost',
      Description: 'notes',
    })
  })

  it('leaves the asset tag open where the import template of Shelf has none', async () => {
    const guessed = await guessFor('shelf-content-import.csv')
    expect(Object.values(guessed)).not.toContain('tag')
    expect(guessed).toMatchObject({
      assetModel: 'model',
      'cf: Serial number,type:text': 'serial',
      'cf:brand, type:option': 'maker',
    })
  })
})

describe('the headings that people write', () => {
  it('knows our own', () => {
    for (const [field, { label }] of Object.entries(fields)) expect(guess(label)).toEqual({ [label]: field })
  })

  it.each([
    ['ASSET TAG ', 'tag'],
    ['Asset no.', 'tag'],
    ['asset_tag', 'tag'],
    ['Device type', 'category'],
    ['Make', 'maker'],
    ['Make and model', 'model'],
    ['S/N', 'serial'],
    ['Serial No.', 'serial'],
    ['IMEI 1', 'imei'],
    ['Device IMEI (from the box)', 'imei'],
    ['SIM ICCID', 'iccid'],
    ['Ward', 'keptAt'],
    ['Date purchased', 'boughtOn'],
    ['Cost (£)', 'cost'],
    ['Price', 'cost'],
    ['PO number', 'orderNumber'],
    ['Comments', 'notes'],
    ['OS support end date', 'supportEndsOn'],
    ['Auto-update expiration', 'supportEndsOn'],
    ['Cable length', 'cableLength'],
    ['Qty', 'quantity'],
  ])('%s is the %s', (heading, field) => {
    expect(guess(heading)).toEqual({ [heading]: field })
  })

  it('takes the surest of several, wherever it stands', () => {
    expect(guess('ID', 'Barcode', 'Asset Tag')).toEqual({ 'Asset Tag': 'tag' })
    expect(guess('Location', 'Default Location')).toEqual({ 'Default Location': 'keptAt' })
    expect(guess('Tags', 'Tag')).toEqual({ Tag: 'tag' })
  })

  it('uses the asset name for the model only where nothing else tells it', () => {
    expect(guess('Asset Name', 'Model')).toEqual({ Model: 'model' })
    expect(guess('Asset Name')).toEqual({ 'Asset Name': 'model' })
  })

  it('does not take a person for a model, nor their phone for the SIM', () => {
    expect(guess('Name', 'Email')).toEqual({})
    expect(guess('Tag', 'Full name', 'Phone number')).toEqual({ Tag: 'tag' })
    expect(guess('Tag', 'Phone number')).toEqual({ Tag: 'tag', 'Phone number': 'phoneNumber' })
  })

  it('never chooses a column with nothing under it', () => {
    const columns = [
      { heading: 'Asset Tag', samples: [] },
      { heading: 'ID', samples: ['7'] },
    ]
    expect(Object.fromEntries(guessColumns(columns))).toEqual({ ID: 'tag' })
  })

  it('leaves the second IMEI alone', () => {
    expect(guess('IMEI', 'IMEI 2')).toEqual({ IMEI: 'imei' })
    expect(guess('IMEI 2')).toEqual({})
  })
})

describe('a heading as it is compared', () => {
  it.each([
    ['cf:Serial, type:text', 'serial'],
    ['cf: Serial number,type:text', 'serial number'],
    ['_snipeit_imei_1', 'imei'],
    ['_snipeit_sim_iccid_12', 'sim iccid'],
    ['assetModel', 'asset model'],
    ['sequentialId', 'sequential id'],
    ['Model No.', 'model no'],
    ['  Cost\u00a0(£) ', 'cost'],
    ['ＩＭＥＩ', 'imei'],
    ['IMEI', 'imei'],
    ['__proto__', 'proto'],
  ])('%s is compared as "%s"', (heading, key) => {
    expect(headingKey(heading)).toBe(key)
  })
})

describe('a column that is left out', () => {
  it('says why where there is a reason to give', () => {
    expect(whyLeftOut('Status')).toMatch(/^What an item is doing comes from its loans/)
    expect(whyLeftOut('Checked Out To: Username')).toMatch(/^About a person/)
    expect(whyLeftOut('custodian')).toMatch(/^About a person/)
    expect(whyLeftOut('Asset EOL Date')).toMatch(/not the end of security updates/)
    expect(whyLeftOut('kit')).toMatch(/kits page/)
    expect(whyLeftOut('Supplier')).toBeUndefined()
  })
})
