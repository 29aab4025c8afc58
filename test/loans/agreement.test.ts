import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { firstAgreement } from '../../seeds/agreement.ts'
import {
  availableItem,
  giftLoan,
  loanTo,
  organisation,
  placement,
  serviceUser,
  staffMember,
} from '../../seeds/factories.ts'
import { paragraphsOf } from '../../src/loans/agreement-presenter.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { lendFields, loanIdIn, wordsOf } from './forms.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })

async function lend(itemIds: number[]) {
  const person = await serviceUser(app.db, { ...here(), name: 'Robin Marlowe' })
  const answer = await champion.post('/loans', lendFields(itemIds, { 'service-user': person.id }))
  return loanIdIn(answer.headers.location)
}

async function pair() {
  return [
    await availableItem(app.db, { ...here(), serial: 'SER-1', imei: null }),
    await availableItem(app.db, { ...here(), category: 'charger', serial: null }),
  ] as const
}

describe('the agreement to print', () => {
  it('says who borrowed what, until when, from whom, and what both agreed to', async () => {
    const [tablet, charger] = await pair()
    const id = await lend([tablet.id, charger.id])
    const page = await champion.get(`/loans/${id}/agreement`)
    const words = wordsOf(page.text)
    expect(words).toContain('Borrowed by Robin Marlowe Lent on Monday 3 August 2026 Lent by HERE champion')
    expect(words).toMatch(new RegExp(`${tablet.tag} Example Model \\d+ SER-1 26 October 2026`))
    expect(words).toContain('Look after it. Bring it back when we ask.')
    expect(words).toContain('Agreement version 1')
    expect(page.text).toContain(`href="/loans/${id}"`)
    expect(page.text).not.toContain('nhsuk-header__navigation')
  })

  it('keeps the version that was agreed to, whatever is agreed by others later', async () => {
    const [tablet, charger] = await pair()
    const first = await lend([tablet.id, charger.id])
    const second = { ...here(), number: 2, body: 'Our new words.', created_at: app.clock() }
    await app.db.insertInto('agreement_versions').values(second).execute()
    const [other, another] = await pair()
    const later = await lend([other.id, another.id])
    expect(wordsOf((await champion.get(`/loans/${first}/agreement`)).text)).toContain('Agreement version 1')
    const page = wordsOf((await champion.get(`/loans/${later}/agreement`)).text)
    expect(page).toContain('Our new words.')
    expect(page).toContain('Agreement version 2')
  })

  it('comes in large print, by a link', async () => {
    const [tablet, charger] = await pair()
    const id = await lend([tablet.id, charger.id])
    const page = await champion.get(`/loans/${id}/agreement`)
    expect(page.text.replaceAll('&#x3D;', '=')).toContain(`href="/loans/${id}/agreement?print=large"`)
    expect((await champion.get(`/loans/${id}/agreement?print=large`)).text).toContain('app-print--large')
  })

  it('says that a gift is theirs to keep', async () => {
    const gift = await giftLoan(app.db, { serviceUser: await serviceUser(app.db, here()) })
    expect(wordsOf((await champion.get(`/loans/${gift.id}/agreement`)).text)).toContain('Yours to keep')
  })

  it('is not there for a ward, which agrees to nothing', async () => {
    const placed = await placement(app.db, { ward: { id: app.people.ward.id, ...here() } })
    expect((await champion.get(`/loans/${placed.id}/agreement`)).status).toBe(404)
    expect(wordsOf((await champion.get(`/loans/${placed.id}`)).text)).not.toContain('Print the agreement')
  })

  it.each(['administrator', 'ward-staff', 'care-team', 'information-governance', 'commissioner'] as const)(
    'is not for %s',
    async (role) => {
      const loan = await loanTo(app.db, { serviceUser: await serviceUser(app.db, here()) })
      const visitor = await app.signedInAs(role)
      expect((await visitor.get(`/loans/${loan.id}/agreement`)).status).toBe(403)
    },
  )
})

describe('the words of an agreement', () => {
  it('are paragraphs, some with a heading', () => {
    expect(paragraphsOf('A heading\nFirst line\nsecond line.\n\nOne sentence.\n\n\nTwo.\nThree.')).toEqual([
      { heading: 'A heading', text: 'First line second line.' },
      { heading: null, text: 'One sentence.' },
      { heading: null, text: 'Two. Three.' },
    ])
  })

  it('promise nothing that the page does not show', async () => {
    const made = await organisation(app.db)
    const lender = await staffMember(app.db, { organisation_id: made.id, password: 'teapot-lantern-orchard' })
    const loan = await loanTo(app.db, { organisationId: made.id, lentBy: lender })
    const visitor = await app.visitor().signIn(lender.email, 'teapot-lantern-orchard')
    const page = wordsOf((await visitor.get(`/loans/${loan.id}/agreement`)).text)
    expect(firstAgreement).toContain('Their name and email address are on this page.')
    expect(page).toContain(`Lent by ${lender.name}, ${lender.email}`)
    expect(page).toContain(made.name)
  })
})
