import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { availableItem, availableItems, model, retiredItem } from '../../seeds/factories.ts'
import { makeImei } from '../../seeds/identifiers.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { modulesDrawn, modulesOf } from './drawn-code.ts'

const publicUrl = 'http://loans.example-trust.nhs.uk'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp({ PUBLIC_URL: publicUrl })
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })

/** Asks for labels as the form does. */
function labels(fields: Record<string, string>) {
  return champion.post('/items/labels', { sheet: 'l7160', first: '1', ...fields })
}

const marks: Record<string, string> = {
  '&#x27;': "'",
  '&#x3D;': '=',
  '&quot;': '"',
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
}
const unescaped = (html: string) => html.replace(/&(?:#x27|#x3D|quot|lt|gt|amp);/g, (mark) => marks[mark] ?? mark)

/** What a person reads of it. */
const text = (html: string) =>
  unescaped(html.replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim()

const tagsOn = (html: string) => [...html.matchAll(/app-label__tag [^>]*>([^<]*)</g)].map(([, tag]) => text(tag ?? ''))
const codesOn = (html: string) =>
  [...html.matchAll(/viewBox="([^"]*)"[^>]*><path d="([^"]*)"/g)].map(([, box, path]) => modulesDrawn(box!, path!))
const errorsOn = (html: string) =>
  text(/class="nhsuk-list nhsuk-error-summary__list">(.*?)<\/ul>/s.exec(html)?.[1] ?? '')

describe('labels by filter', () => {
  it('are those of the list, by tag, each with what it is and whose it is', async () => {
    const kettles = await model(app.db, { ...here(), maker: 'Tefal & Sons', name: 'Kettle <1>', category: 'accessory' })
    await availableItems(app.db, [
      { model: kettles, tag: 'KET-3' },
      { model: kettles, tag: 'KET-1' },
      { model: kettles, tag: 'KET-2' },
    ])
    await retiredItem(app.db, { model: kettles, tag: 'KET-0' })
    const form = await champion.get(`/items/labels?model=${kettles.id}`)
    expect(text(form.text)).toContain('Only items of the model Tefal & Sons Kettle <1>. 3 items for these filters.')
    const answer = await labels({ model: String(kettles.id) })
    expect(answer.status).toBe(200)
    expect(tagsOn(answer.text)).toEqual(['KET-1', 'KET-2', 'KET-3'])
    expect(text(answer.text)).toContain('KET-1 Tefal & Sons Kettle <1> Here NHS Foundation Trust')
    expect(text(answer.text)).toContain('3 labels on 1 sheet: Avery L7160, 21 on a sheet.')
  })

  it('leave out what is no longer ours, unless that is what was asked for', async () => {
    const old = await model(app.db, here())
    await retiredItem(app.db, { model: old, tag: 'OLD-1' })
    expect((await labels({ model: String(old.id) })).status).toBe(422)
    expect(tagsOn((await labels({ model: String(old.id), state: 'gone' })).text)).toEqual(['OLD-1'])
  })

  it('go from one tag to another, whatever its capitals', async () => {
    const of = await model(app.db, here())
    await availableItems(
      app.db,
      ['RNG-1', 'RNG-2', 'RNG-3', 'RNG-4'].map((tag) => ({ model: of, tag })),
    )
    const answer = await labels({ model: String(of.id), from: 'rng-2', to: 'rng-3' })
    expect(tagsOn(answer.text)).toEqual(['RNG-2', 'RNG-3'])
    const none = await labels({ model: String(of.id), from: 'rng-9' })
    expect([none.status, errorsOn(none.text)]).toEqual([422, 'No item fits. Choose other filters or tags'])
  })

  it('begin on the label that is still on the sheet', async () => {
    const of = await model(app.db, here())
    await availableItem(app.db, { model: of, tag: 'PART-1' })
    const answer = await labels({ model: String(of.id), sheet: 'l7163', first: '5' })
    expect(answer.text.match(/app-label--used/g)).toHaveLength(4)
  })

  it('carry the filters of the list to the form and back', async () => {
    const list = await champion.get('/items?category=tablet&state=available')
    expect(unescaped(list.text)).toContain('href="/items/labels?state=available&category=tablet"')
    const form = await champion.get('/items/labels?state=available&category=tablet')
    expect(form.text).toContain('<input type="hidden" name="category" value="tablet">')
    expect(unescaped(form.text)).toContain('href="/items?state=available&category=tablet"')
  })
})

describe('the code', () => {
  it('opens the page of its item by the address people know, however strange the tag', async () => {
    const tags = ['A/B', 'Über 7', '漢字-1', 'a+b&c=d', '100%', 'x?y#z', "O'Neil <b>", '../TAB', '%2F']
    await availableItems(
      app.db,
      tags.map((tag) => ({ ...here(), tag })),
    )
    const answer = await labels({ codes: tags.join('\n') })
    expect(tagsOn(answer.text)).toEqual(tags)
    const addresses = tags.map((tag) => `${publicUrl}/items/${encodeURIComponent(tag)}`)
    expect(codesOn(answer.text)).toEqual(addresses.map((address) => modulesOf(address, 'M')))
    for (const [at, address] of addresses.entries()) {
      const page = await champion.get(address.slice(publicUrl.length))
      expect([address, page.status]).toEqual([address, 200])
      expect(text(/<h1.*?<\/h1>/s.exec(page.text)?.[0] ?? '')).toContain(tags[at])
      const scanned = await champion.get(`/scan?code=${encodeURIComponent(address)}`)
      expect(scanned.headers.location).toBe(address.slice(publicUrl.length))
    }
  })

  it('is left out where it would be too fine, and the page says so', async () => {
    await availableItem(app.db, { ...here(), tag: '漢'.repeat(60) })
    const answer = await labels({ codes: '漢'.repeat(60), sheet: 'l7651' })
    expect([codesOn(answer.text), tagsOn(answer.text)]).toEqual([[], ['漢'.repeat(60)]])
    expect(text(answer.text)).toContain('would be too fine to read on labels this small. They are printed without it.')
  })
})

describe('labels by what was scanned or typed', () => {
  it('are in that order, each once, by tag, serial number, IMEI or the code of an old label', async () => {
    const imei = makeImei(771)
    await availableItems(app.db, [
      { ...here(), tag: 'SCA-1' },
      { ...here(), tag: 'SCA-2', serial: 'SER SCA 2' },
      { ...here(), tag: 'SCA-3', imei },
      { ...here(), tag: 'SCA-4' },
    ])
    const spaced = imei.replace(/(\d{6})(\d{2})/, '$1 $2 ')
    const codes = [spaced, 'ser sca 2', 'sca-1', 'https://old.example/items/SCA-4?x=1', 'SCA-3']
    expect(tagsOn((await labels({ codes: codes.join('\r\n') })).text)).toEqual(['SCA-3', 'SCA-2', 'SCA-1', 'SCA-4'])
  })

  it('say which of them nobody knows, and which are not one item alone', async () => {
    await availableItems(app.db, [
      { ...here(), tag: 'TWIN-A', serial: 'TWIN SERIAL' },
      { ...here(), tag: 'TWIN-B', serial: 'twin serial' },
    ])
    const theirs = await availableItem(app.db, { organisation_id: app.people.otherOrganisationId, tag: 'THEIRS-1' })
    const answer = await labels({ codes: `TWIN-A\nNO-SUCH\n${theirs.tag}\nTWIN SERIAL` })
    expect(answer.status).toBe(422)
    expect(errorsOn(answer.text)).toBe(
      'No item has the tag or number NO-SUCH, THEIRS-1 More than one item has the number TWIN SERIAL. Enter its tag: TWIN-A, TWIN-B',
    )
    expect(answer.text).toContain('TWIN-A\nNO-SUCH\nTHEIRS-1\nTWIN SERIAL</textarea>')
  })

  it('can be asked for from the page of the item', async () => {
    await availableItem(app.db, { ...here(), tag: 'ONE/1' })
    const item = await champion.get('/items/ONE%2F1')
    expect(unescaped(item.text)).toContain('href="/items/labels?item=ONE%2F1"')
    expect((await champion.get('/items/labels?item=ONE%2F1')).text).toContain('ONE/1</textarea>')
  })
})

describe('more labels than anybody sticks on in one go', () => {
  it('are refused with the parts they can be printed in, and each part prints', async () => {
    const of = await model(app.db, here())
    await availableItems(
      app.db,
      Array.from({ length: 1_201 }, (_, at) => ({ model: of, tag: `LOT-${String(at).padStart(4, '0')}` })),
    )
    const which = { model: String(of.id) }
    expect(text((await champion.get(`/items/labels?model=${of.id}`)).text)).toContain('More than 500 items')
    const answer = await labels({ ...which, sheet: 'l7651' })
    expect([answer.status, errorsOn(answer.text)]).toEqual([
      422,
      'You chose 1,201 items. Print at most 500 labels at a time: choose fewer with the filters or by their tags, or print the 3 parts below one by one',
    ])
    expect(text(answer.text)).toContain('LOT-0000 to LOT-0499 (500 labels) LOT-0500 to LOT-0999 (500 labels)')
    expect(unescaped(answer.text)).toContain(`/items/labels?model=${of.id}&from=LOT-1000&to=LOT-1200#which-labels"`)
    const part = await champion.get(`/items/labels?model=${of.id}&from=LOT-1000&to=LOT-1200`)
    expect(part.text).toMatch(/id="from"[^>]*value="LOT-1000"/)
    const second = await labels({ ...which, from: 'LOT-0500', to: 'LOT-0999', sheet: 'l7651' })
    expect(tagsOn(second.text)).toHaveLength(500)
    const all = await labels({ sheet: 'l7651' })
    expect(all.status).toBe(422)
  })

  it('are refused as a list of 5,000 too, which comes back as it was', async () => {
    const codes = Array.from({ length: 5_000 }, (_, at) => `LOT-${String(at).padStart(4, '0')}`)
    const answer = await labels({ codes: codes.join('\r\n') })
    expect([answer.status, errorsOn(answer.text)]).toEqual([
      422,
      'You entered 5,000 tags. Print at most 500 labels at a time: split your list into 10 parts',
    ])
    expect(answer.text).toContain('LOT-4998\r\nLOT-4999</textarea>')
  })
})
