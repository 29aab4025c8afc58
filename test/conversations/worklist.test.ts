import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { conversation, meetingPreference, referralFor, serviceUser, suggest } from '../../seeds/factories.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const someone = (name: string, more: object = {}) => serviceUser(app.db, { ...here(), name, ...more })

async function section(id: string): Promise<string> {
  const { text } = await champion.get('/')
  return plainText(new RegExp(`<section id="${id}".*?</section>`, 's').exec(text)?.[0] ?? '')
}

describe('The worklist of whoever talks with people', () => {
  it('says with whom it is time to talk again, until they did; nobody who died is among them', async () => {
    const answers = { device: 'own' }
    const due = await someone('Dora Due')
    await conversation(app.db, { person: due, reviewOn: '2026-08-03', answers })
    await conversation(app.db, { person: await someone('Ned Notyet'), reviewOn: '2026-08-04', answers })
    await conversation(app.db, {
      person: await someone('Sol Since'),
      reviewOn: '2026-08-01',
      isReviewed: true,
      answers,
    })
    await conversation(app.db, {
      person: await someone('Gus Gone', { state: 'died' }),
      reviewOn: '2026-08-01',
      answers,
    })
    await meetingPreference(app.db, { person: await someone('Pip Prefers'), review_on: '2026-08-02' })
    const words = await section('talk-again')
    expect(words).toMatch(/Pip Prefers .*Due 2 Aug 2026 .*Dora Due .*Due 3 Aug 2026/)
    expect(words).not.toMatch(/Notyet|Since|Gone/)
  })

  it('says for whom something was suggested that nobody has decided about', async () => {
    const person = await someone('Sue Suggested')
    await conversation(app.db, { person, answers: { device: 'none' } })
    await suggest(app.db, person, '2026-07-01T10:00:00Z')
    expect(await section('suggestions')).toMatch(/Sue Suggested .*2 things to decide .*Since 1 Jul 2026/)
    const decided = {
      decision: 'done',
      decided_at: new Date('2026-07-02'),
      decided_by: app.people.actors.champion.staffId,
    }
    const theirs = () => app.db.updateTable('suggestions').where('service_user_id', '=', person.id)
    await theirs().set(decided).execute()
    expect(await section('suggestions')).not.toContain('Sue Suggested')
    await theirs()
      .set({ ...decided, decision: 'deferred', until: '2026-08-03' })
      .execute()
    expect(await section('suggestions')).toContain('Sue Suggested')
  })

  it('says who was referred and not talked to yet', async () => {
    const person = await someone('Rae Referred')
    await referralFor(app.db, { person })
    expect(await section('not-talked-to')).toContain('Rae Referred')
    await conversation(app.db, { person, answers: {} })
    expect(await section('not-talked-to')).not.toContain('Rae Referred')
  })

  it('says who is shut out here, in sentences that are true', async () => {
    for (const name of ['Una One', 'Uma Two', 'Uri Three']) {
      const person = await someone(name)
      await conversation(app.db, { person, answers: { affordability: 'no' } })
      await suggest(app.db, person, '2026-07-01T10:00:00Z')
    }
    expect(await section('shut-out')).toMatch(
      /Who is shut out here 3 people cannot afford the data for a video call\. 1 person: they have no device for a video call\./,
    )
  })
})
