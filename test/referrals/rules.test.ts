import { describe, expect, it } from '@jest/globals'
import { parseReferral } from '../../src/referrals/form.ts'
import {
  answersToRecord,
  asks,
  canMove,
  endingReasons,
  moves,
  type ReferralState,
  referralState,
  referralStates,
} from '../../src/referrals/rules.ts'

const today = '2026-08-03'
const fields = {
  name: 'Lena Example',
  'date-of-birth-day': '5',
  'date-of-birth-month': '11',
  'date-of-birth-year': '1972',
  asks: 'device',
}
const asCareTeam = { isChampion: false, wardIds: [4] }
const errorsIn = (more: object, asker = asCareTeam) =>
  Object.fromEntries(
    (parseReferral({ ...fields, ...more }, today, asker).errors ?? []).map((one) => [one.field, one.text]),
  )

describe('where a referral stands', () => {
  const state = (met: boolean[], ended_as: string | null = null) =>
    referralState({ ended_as, asks: met.map((is_met) => ({ is_met })) })

  it('follows from what became of each thing that was asked for', () => {
    expect(state([false])).toBe('waiting')
    expect(state([true, false])).toBe('partly-met')
    expect(state([true, true])).toBe('met')
    expect(state([true, false], 'declined')).toBe('declined')
    expect(state([false], 'withdrawn')).toBe('withdrawn')
  })

  it('allows what the table says and nothing else', () => {
    const states = Object.keys(referralStates) as ReferralState[]
    const table = Object.fromEntries(states.map((one) => [one, moves.filter((move) => canMove(move, one)).join(' ')]))
    expect(table).toEqual({
      waiting: 'lend say-met decline withdraw change',
      'partly-met': 'lend say-met say-not-met decline withdraw change',
      met: 'lend say-not-met',
      declined: 'reopen',
      withdrawn: 'reopen',
    })
  })
})

describe('the reasons to decline', () => {
  it('are about what we have, and never about who somebody is or whether they may be seen', () => {
    const words = Object.values(endingReasons.declined).join(' ')
    expect(words).not.toMatch(/eligib|criteria|suitable for|not able|cannot|unable|risk|face to face|refus|engag/i)
  })
})

describe('what somebody said about contact, told by who refers them', () => {
  it('writes down every no, and a yes only where nobody said otherwise and nobody like them is here', () => {
    const said = { text: 'allowed', call: 'not-allowed' } as const
    expect(answersToRecord(said, {}, false)).toEqual(said)
    expect(answersToRecord(said, { text: 'not-allowed', call: 'allowed' }, false)).toEqual({ call: 'not-allowed' })
    expect(answersToRecord(said, {}, true)).toEqual({ call: 'not-allowed' })
    expect(answersToRecord(said, said, false)).toEqual({})
  })
})

describe('the form', () => {
  it('asks for little: who it is and what would help', () => {
    const { value } = parseReferral(fields, today, asCareTeam)
    expect(value).toMatchObject({
      ...{ person: { isMeant: false, added: { name: 'Lena Example', nhs_number: null } }, asks: ['device'] },
      ...{ barriers: [], firstAppointmentOn: null, contactSaid: {}, teamId: 4, typed: null },
    })
    expect(parseReferral({ person: '7', asks: 'talk' }, today, asCareTeam).value).toMatchObject({ person: { id: 7 } })
  })

  it('says all that is missing or wrong at once, at its fields', () => {
    expect(errorsIn({ name: '', asks: '', 'nhs-number': '999 000 0019' })).toEqual({
      name: 'Enter the full name',
      'nhs-number': expect.stringMatching(/NHS number/),
      asks: 'Choose what would help. If you are not sure, say so',
    })
    expect(errorsIn({ 'date-of-birth-year': '2027' })).toEqual({
      'date-of-birth': 'Date of birth must be today or in the past',
    })
    expect(errorsIn({ 'date-of-birth-year': '1899' })['date-of-birth-year']).toMatch(/last 120 years/)
    const yesterday = { 'appointment-day': '2', 'appointment-month': '8', 'appointment-year': '2026' }
    expect(errorsIn(yesterday)).toEqual({ appointment: 'First appointment must be today or in the future' })
    expect(errorsIn({}, { isChampion: false, wardIds: [4, 5] })).toEqual({
      team: 'Choose the ward or team that you refer them for',
    })
    expect(errorsIn({}, { isChampion: true, wardIds: [] })).toEqual({
      source: 'Choose how this referral came',
      referrer: 'Enter who asked',
      referred: 'Enter the day it was asked',
    })
  })

  it('takes nothing that is not on it', () => {
    const strange = { asks: ['device', 'toString'], barriers: ['cost', 'poor'], 'contact-text': 'maybe', team: '9' }
    expect(parseReferral({ ...fields, ...strange }, today, asCareTeam).value).toMatchObject({
      ...{ asks: ['device'], barriers: ['cost'], contactSaid: {}, teamId: 4 },
    })
  })
})

it('a thing that can be asked for has words', () => {
  for (const { text } of Object.values(asks)) expect(text).toMatch(/^[A-Z]/)
})
