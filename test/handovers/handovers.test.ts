import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { closedLoan, loanTo, serviceUser, staffMember } from '../../seeds/factories.ts'
import { changesOf, errorsOf, type Fields, storedLoan, wordsOf } from '../loans/forms.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const otherRoles = ['administrator', 'ward-staff', 'care-team', 'information-governance', 'commissioner'] as const

/** Two champions, one with two open loans and a closed one. */
async function desk() {
  const [ada, bea] = [
    await staffMember(app.db, { ...here(), role: 'champion', name: 'Ada Leaving' }),
    await staffMember(app.db, { ...here(), role: 'champion', name: 'Bea Staying' }),
  ]
  const person = await serviceUser(app.db, { ...here(), name: 'Ann Example' })
  const ofAda = { serviceUser: person, lentBy: ada }
  const loans = [await loanTo(app.db, ofAda), await loanTo(app.db, ofAda)]
  return { ada, bea, person, loans, closed: await closedLoan(app.db, ofAda) }
}

const send = (fields: Fields, visitor = champion) =>
  visitor.post('/loans/handovers', { key: crypto.randomUUID(), ...fields })
const carerOf = async ({ id }: { id: number }) => (await storedLoan(app, id)).looked_after_by

describe('handing loans over', () => {
  it('hands over all that are open at once, each audited by itself, and nothing else about them changes', async () => {
    const { ada, bea, person, loans, closed } = await desk()
    expect(wordsOf((await champion.get('/loans/handovers')).text)).toContain('Ada Leaving, 2 open loans')
    const answer = await send({ from: ada.id, to: bea.id })
    expect([answer.status, answer.headers.location]).toEqual([303, '/loans'])
    expect(await Promise.all([...loans, closed].map(carerOf))).toEqual([bea.id, bea.id, null])
    expect(await changesOf(app, loans[0]!.id)).toEqual([
      {
        verb: 'loan:handed-over',
        staff_id: app.people.actors.champion.staffId,
        service_user_id: person.id,
        details: { from: 'Ada Leaving', to: 'Bea Staying' },
      },
    ])
    expect((await storedLoan(app, loans[0]!.id)).version).toBe(1)
    const page = wordsOf((await champion.get(`/loans/${loans[0]!.id}`)).text)
    expect(page).toContain('Looked after by Bea Staying')
    expect(page).toContain('HERE champion handed it over from Ada Leaving to Bea Staying.')
  })

  it('hands over one loan, which is then in the list of who looks after it', async () => {
    const { ada, loans } = await desk()
    const me = app.people.actors.champion.staffId
    const [one, other] = loans
    expect(wordsOf((await champion.get(`/loans/handovers?loan=${one!.id}`)).text)).toContain(
      'Ada Leaving looks after this loan now',
    )
    const answer = await send({ loan: one!.id, from: ada.id, to: me })
    expect(answer.headers.location).toBe(`/loans/${one!.id}`)
    expect([await carerOf(one!), await carerOf(other!)]).toEqual([me, null])
    const mine = wordsOf((await champion.get('/loans?show=mine')).text)
    expect(mine).toContain(`Loan ${one!.id} `)
    expect(mine).not.toContain(`Loan ${other!.id} `)
  })
})

describe('a hand-over that is wrong', () => {
  it('says so at its field', async () => {
    const { ada, bea } = await desk()
    expect(errorsOf((await send({ from: '', to: '' })).text)).toEqual({
      from: 'Choose whose loans they are',
      to: 'Choose who looks after them from now on',
    })
    expect(errorsOf((await send({ from: ada.id, to: ada.id })).text).to).toContain('Choose somebody else')
    const nothing = await send({ from: bea.id, to: ada.id })
    expect([nothing.status, errorsOf(nothing.text)]).toEqual([409, { to: 'Bea Staying looks after no open loan.' }])
    const administrator = app.people.actors.administrator
    const none = await send({ from: ada.id, to: administrator.staffId })
    expect(errorsOf(none.text)).toEqual({ to: `${administrator.name} is no champion now.` })
  })

  it('is refused when somebody else looks after it by now, and counts once when sent twice', async () => {
    const { ada, bea, loans } = await desk()
    const fields = { loan: loans[0]!.id, from: ada.id, to: bea.id, key: crypto.randomUUID() }
    const answers = await Promise.all([send(fields), send(fields)])
    expect(answers.map(({ status }) => status)).toEqual([303, 303])
    expect(await changesOf(app, loans[0]!.id)).toHaveLength(1)
    const late = await send({ ...fields, key: crypto.randomUUID(), to: app.people.actors.champion.staffId })
    expect([late.status, errorsOf(late.text)]).toEqual([409, { to: 'Somebody else looks after this loan by now.' }])
  })

  it.each(otherRoles)('is refused to %s', async (role) => {
    const visitor = await app.signedInAs(role)
    const { ada, bea } = await desk()
    expect((await visitor.get('/loans/handovers')).status).toBe(403)
    expect((await send({ from: ada.id, to: bea.id }, visitor)).status).toBe(403)
  })

  it('knows nobody and no loan of another organisation; PostgreSQL does not either', async () => {
    const { ada, bea, loans } = await desk()
    const stranger = app.people.foreignActors.champion.staffId
    const foreign = await loanTo(app.db, {
      serviceUser: await serviceUser(app.db, { organisation_id: app.people.otherOrganisationId }),
    })
    expect((await send({ from: ada.id, to: stranger })).status).toBe(404)
    expect((await send({ loan: foreign.id, from: ada.id, to: bea.id })).status).toBe(404)
    expect((await champion.get(`/loans/handovers?loan=${foreign.id}`)).status).toBe(404)
    await expect(
      app.db.updateTable('loans').set({ looked_after_by: stranger }).where('id', '=', loans[0]!.id).execute(),
    ).rejects.toMatchObject({ code: '23503' })
  })
})
