import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { londonClock } from '../../src/lib/dates.ts'
import { channels, purposes, type Recipient } from '../../src/safe-contact/kinds-rules.ts'
import { addressToUse, mayContact } from '../../src/safe-contact/rules.ts'

const keys = ['07700900111', '02079460000', 'a@post.example', 'b@post.example', '1 invented street']
const kinds = ['phone', 'phone', 'email', 'email', 'post'] as const
const addresses = keys.map((key, at) => ({ kind: kinds[at]!, label: 'Number', address: `typed ${key}`, key }))

const answers = fc.uniqueArray(
  fc.record({
    channel: fc.constantFrom(...channels),
    answer: fc.constantFrom('allowed' as const, 'allowed' as const, 'not-allowed' as const),
    from_hour: fc.constantFrom(null, null, 9, 10, 18),
    until_hour: fc.constantFrom(12, 19, 20, 24),
    days: fc.constantFrom<number[]>([], [], [1, 2, 3, 4, 5], [2, 4], [7]),
    number_shown: fc.constant(null),
    names_service: fc.boolean(),
  }),
  { selector: ({ channel }) => channel, minLength: 3 },
)

const recipients: fc.Arbitrary<Recipient> = fc.record({
  state: fc.constantFrom('community', 'community', 'community', 'admitted', 'discharged', 'moved', 'died'),
  parentContact: fc.constantFrom(null, 'safe', 'not-safe', 'not-known'),
  supporter: fc.option(
    fc.record({
      consent: fc.constantFrom('given', 'given', 'refused', 'not-asked'),
      may_be_told: fc.subarray(['appointments', 'devices', 'training', 'everything']),
    }),
    {
      nil: null,
    },
  ),
  answers: answers.map((list) =>
    list.map((one) => ({
      ...one,
      until_hour: one.from_hour === null ? null : Math.max(one.until_hour, one.from_hour + 1),
    })),
  ),
  addresses: fc.subarray(addresses, { minLength: 3 }),
  addressAnswers: fc.uniqueArray(
    fc.record({
      key: fc.constantFrom(...keys),
      is_safe: fc.constantFrom(true, true, false),
      pause_id: fc.constantFrom(null, 1, 2),
    }),
    { selector: ({ key }) => key },
  ),
  pauseId: fc.constantFrom(null, null, 1, 2),
})

const questions = fc.record({
  recipient: recipients,
  address: fc.constantFrom(null, 'typed nobody', ...addresses.map(({ address }) => address)),
  channel: fc.constantFrom(...channels),
  purpose: fc.constantFrom(...purposes),
  at: fc.oneof(
    fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true }),
    fc.integer({ min: 0, max: 60 }).map((minute) => new Date(Date.UTC(2026, 7, 4, 10, minute))),
  ),
})
type Question = Parameters<Parameters<typeof questions.map>[0]>[0]

const ask = ({ recipient, address, channel, purpose, at }: Question) =>
  mayContact(recipient, address, channel, purpose, at)
const holds = (claim: (question: Question) => boolean) =>
  fc.assert(
    fc.property(questions, (question) => !ask(question).yes || claim(question)),
    { numRuns: 3_000 },
  )
const answerIn = ({ recipient, channel }: Question) => recipient.answers.find((one) => one.channel === channel)
const knownIn = ({ recipient, address }: Question) => recipient.addresses.find((one) => one.address === address)
const saidIn = (question: Question) =>
  question.recipient.addressAnswers.find(({ key }) => key === knownIn(question)?.key)

describe('mayContact says yes', () => {
  it('at all: what is tried here is not refused throughout', () => {
    const yes = fc.sample(questions, { numRuns: 6_000, seed: 7 }).filter((question) => ask(question).yes)
    expect(yes.length).toBeGreaterThan(10)
  })

  it('never against a no, and never to what was not asked', () =>
    holds((question) => answerIn(question)?.answer === 'allowed'))

  it('never about somebody who died', () => holds(({ recipient }) => recipient.state !== 'died'))

  it('never to ask something back from somebody on a ward', () =>
    holds(({ recipient, purpose }) => recipient.state !== 'admitted' || purpose !== 'chase'))

  it('never to a letter box that they moved away from', () =>
    holds(
      ({ recipient, channel }) => recipient.state !== 'moved' || channel !== 'post' || recipient.supporter !== null,
    ))

  it('never to a supporter without consent, about what they may not be told, or who may be a parent that is not safe', () =>
    holds(({ recipient: { supporter, parentContact }, purpose }) => {
      if (supporter === null) return true
      const topic = { appointment: 'appointments', training: 'training', chase: 'devices', information: 'everything' }
      const isTold = supporter.may_be_told.some((one) => one === 'everything' || one === topic[purpose])
      return supporter.consent === 'given' && isTold && (parentContact === null || parentContact === 'safe')
    }))

  it('never to a number or address that is not on the record, nor to one of another kind', () =>
    holds((question) => {
      const kind = question.channel === 'email' || question.channel === 'post' ? question.channel : 'phone'
      return knownIn(question)?.kind === kind
    }))

  it('never to what was said not to be safe', () => holds((question) => saidIn(question)?.is_safe !== false))

  it('never to what is paused, until it is confirmed under that pause or a later one', () =>
    holds(({ recipient, ...rest }) => {
      const said = saidIn({ recipient, ...rest })
      return recipient.pauseId === null || (said?.is_safe === true && said.pause_id === recipient.pauseId)
    }))

  it('never outside the times they agreed, nor at night, on the clocks of London', () =>
    holds((question) => {
      const { hour, date } = londonClock(question.at)
      const { from_hour, until_hour, days = [] } = answerIn(question) ?? {}
      const day = new Date(`${date}T12:00:00Z`).getUTCDay() || 7
      return (
        hour >= Math.max(8, from_hour ?? 0) &&
        hour < Math.min(20, until_hour ?? 24) &&
        (days.length === 0 || days.includes(day))
      )
    }))
})

describe('mayContact says no', () => {
  it('with a reason, something to do instead, and never a word about a risk', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const verdict = ask(question)
        if (verdict.yes) return
        expect(verdict.told).toMatch(/\.$/)
        expect(verdict.instead).toMatch(/\.$/)
        expect(`${verdict.told} ${verdict.instead}`).not.toMatch(/risk|at home may/i)
      }),
    )
  })

  it('only until a moment at which it says yes, where nothing but the hour is in the way', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const verdict = ask(question)
        if (verdict.yes || verdict.from === undefined) return
        expect(verdict.from.getTime()).toBeGreaterThan(question.at.getTime())
        expect(ask({ ...question, at: verdict.from })).toMatchObject({ yes: true })
      }),
      { numRuns: 1_000 },
    )
  })

  it.each([
    ['2026-08-03T08:30:00Z', '2026-08-03T09:00:00.000Z'],
    ['2026-08-03T11:00:00Z', '2026-08-04T09:00:00.000Z'],
    ['2026-10-24T12:00:00Z', '2026-10-25T10:00:00.000Z'],
  ])('at %s to somebody who is texted between 10 and 12 alone, until %s', (at, from) => {
    const text = {
      channel: 'text' as const,
      answer: 'allowed' as const,
      from_hour: 10,
      until_hour: 12,
      days: [],
      number_shown: null,
      names_service: false,
    }
    const recipient: Recipient = {
      ...{ state: 'community', parentContact: null, supporter: null, addressAnswers: [], pauseId: null },
      answers: [text],
      addresses: addresses.slice(0, 1),
    }
    const verdict = mayContact(recipient, addressToUse(recipient, 'text'), 'text', 'appointment', new Date(at))
    expect(verdict).toMatchObject({ yes: false, reason: 'not-now', from: new Date(from) })
  })
})
