import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { wayNames } from '../../src/appointments/words-rules.ts'
import type { ReadinessFacts } from '../../src/readiness/facts-rules.ts'
import { questionsAsked } from '../../src/readiness/queries.ts'
import { requirements } from '../../src/readiness/requirement-rules.ts'
import type { Status } from '../../src/readiness/status-rules.ts'
import { fixerNames } from '../../src/readiness/words-rules.ts'
import { answers, known, nothingKnown, preference, thing, trial } from './known.ts'

/** SIMs of which so many megabytes are left; null: nobody read. */
const given = (left: (number | null)[]) => ({
  at: '2026-08-03T09:30:00Z',
  rates: { video: 10, phone: 0, text: 1, day: 0 },
  contacts: [
    {
      ...{ kind: 'appointment' as const, id: nothingKnown.id, way: 'video', platform: null, platform_mb: null },
      ...{ starts_at: nothingKnown.starts_at, ends_at: nothingKnown.ends_at },
    },
  ],
  allowances: left.map((megabytes, at) => ({
    ...{ id: at + 1, megabytes: 20_000, period: 'once', starts_on: '2026-08-01', ends_on: null, top_ups: [] },
    ...{ suspended_at: null, cancelled_at: null },
    readings: megabytes === null ? [] : [{ at: '2026-08-03T09:00:00Z', left: megabytes }],
  })),
})

const byPhone = { way: 'phone' }
const byText = { way: 'text' }
const inPerson = { way: 'face-to-face' }
const atHome = { way: 'home-visit' }
const firstTry = trial({
  starts_at: '2026-08-06T09:00:00+00:00',
  ends_at: '2026-08-06T09:30:00+00:00',
  outcome: 'not-passed',
})
const said = (given: Record<string, string | string[]>) => ({ said: answers(given) })

/** Of each requirement each state it can have, and a case in which it has it. */
const cases: [id: string, status: Status, when: string, facts: Partial<ReadinessFacts>][] = [
  ['device', 'met', 'a tablet of ours gets updates until after that day', { things: [thing('tablet')] }],
  ['device', 'met', 'their own works well', said({ device: 'own' })],
  ['device', 'met', 'their ward booked a tablet for that time', { booked: ['tablet'] }],
  ['device', 'not-met', 'its updates end before', { things: [thing('tablet', { support_ends_on: '2026-08-11' })] }],
  [
    'device',
    'not-met',
    'it is promised and not there',
    { ...said({ device: 'none' }), things: [thing('tablet', { is_in_hand: false })] },
  ],
  ['device', 'not-met', 'they have none', said({ device: 'none' })],
  ['device', 'not-met', 'theirs is old', said({ device: 'old' })],
  [
    'device',
    'not-known',
    'nobody knows how long it gets updates',
    { things: [thing('laptop', { support_ends_on: null })] },
  ],
  ['device', 'not-known', 'they share one', said({ device: 'shared' })],
  ['device', 'not-known', 'a hotspot is no device', { things: [thing('hotspot')] }],
  ['phone', 'met', 'any phone will do', { ...byText, ...said({ device: 'basic' }) }],
  ['phone', 'met', 'they were lent one', { ...byText, things: [thing('smartphone')] }],
  ['phone', 'not-met', 'they have none', { ...byText, ...said({ device: 'none' }) }],
  ['phone', 'not-known', 'nobody asked', byText],
  ['charger', 'met', 'it was lent with the device', { things: [thing('tablet'), thing('charger')] }],
  ['charger', 'met', 'the device is their own', said({ device: 'own' })],
  ['charger', 'not-met', 'the device came without', { things: [thing('tablet')] }],
  [
    'charger',
    'not-met',
    'it is promised and not there',
    { things: [thing('tablet'), thing('charger', { is_in_hand: false })] },
  ],
  ['charger', 'not-known', 'nobody asked', {}],
  ['data', 'met', 'it works well and they can pay', said({ connection: 'well', affordability: 'yes' })],
  ['data', 'met', 'the ward’s own', { booked: ['tablet'] }],
  ['data', 'not-met', 'their data runs out', said({ connection: 'well', affordability: 'runs-out' })],
  ['data', 'not-met', 'there is none', said({ connection: 'none' })],
  ['data', 'not-known', 'nobody asked what it costs', said({ connection: 'well' })],
  [
    'data',
    'not-known',
    'a hotspot was lent, and how long it lasts is not known',
    { ...said({ connection: 'none' }), things: [thing('hotspot')] },
  ],
  ['training', 'met', 'they came to a session since', { ...said({ confidence: 'not-sure' }), trained: ['2026-08-02'] }],
  ['training', 'met', 'they came, and nobody asked before', { trained: ['2026-08-02'] }],
  [
    'training',
    'not-met',
    'they said since then that they cannot do it yet',
    { ...said({ 'skill-join': 'not-yet' }), trained: ['2026-07-30'] },
  ],
  [
    'training',
    'not-met',
    'it is still to come',
    { ...said({ confidence: 'not-sure' }), training_planned: ['2026-08-05'] },
  ],
  ['training', 'not-needed', 'they feel sure enough', said({ confidence: 'with-help', 'skill-join': 'alone' })],
  ['training', 'not-known', 'nobody asked', {}],
  ['data', 'met', 'what we gave lasts', { ...said({ connection: 'none' }), data: given([5_000]) }],
  ['data', 'met', 'one of two that we gave lasts', { data: given([0, 5_000]) }],
  ['data', 'not-met', 'what we gave runs out', { things: [thing('sim')], data: given([100]) }],
  ['data', 'not-known', 'nobody read what is left', { ...said({ connection: 'none' }), data: given([null]) }],
  ['trial', 'met', 'it worked', { trials: [trial()] }],
  [
    'trial',
    'met',
    'it worked with help, at the second try',
    { trials: [trial({ outcome: 'passed-with-help' }), firstTry] },
  ],
  [
    'trial',
    'not-met',
    'the newest did not work',
    { trials: [trial({ outcome: 'not-passed' }), { ...firstTry, outcome: 'passed' }] },
  ],
  ['trial', 'not-met', 'nobody answered', { trials: [trial({ outcome: 'not-reached' })] }],
  ['trial', 'not-met', 'it is still to come', { trials: [trial({ outcome: null })] }],
  [
    'trial',
    'not-met',
    'it comes after the appointment, which was moved',
    { starts_at: '2026-08-10T09:15:00+00:00', trials: [trial()] },
  ],
  ['trial', 'not-needed', 'they met somebody by video before', { met_by: ['phone', 'video'] }],
  ['way-in', 'met', 'the link is there', { has_link: true }],
  ['way-in', 'not-met', 'a number is no link', { has_number_shown: true }],
  ['way-in', 'met', 'the number that will show', { ...byPhone, has_number_shown: true }],
  ['way-in', 'not-met', 'no number', byPhone],
  ['way-in', 'met', 'a chat has a link', { ...byText, has_link: true }],
  ['back-up', 'met', 'they meet in person then', { back_up: 'face-to-face' }],
  ['back-up', 'met', 'we ring, and the number is there', { back_up: 'phone', has_back_up_number: true }],
  ['back-up', 'not-met', 'we ring, and there is no number', { back_up: 'phone' }],
  ['back-up', 'not-met', 'nothing is agreed', {}],
  ['call-back', 'met', 'on the appointment', { has_call_back: true }],
  ['call-back', 'met', 'on the record', { records_call_back: true }],
  ['call-back', 'not-known', 'there is a number, and nobody said that it is the one', { records_phone: true }],
  ['call-back', 'not-met', 'there is no number', {}],
  ['told', 'met', 'they have the letter', { is_told: true }],
  ['told', 'not-met', 'they have none, or it is overtaken', {}],
  ['private-place', 'met', 'at any time', { ...byPhone, ...said({ 'private-place': 'always' }) }],
  ['private-place', 'met', 'a room is booked', { ...said({ 'private-place': 'no' }), booked: ['private-room'] }],
  ['private-place', 'not-met', 'there is none', said({ 'private-place': 'no' })],
  ['private-place', 'not-known', 'at some times only', said({ 'private-place': 'sometimes' })],
  ['private-place', 'not-known', 'nobody asked', {}],
  ['interpreter', 'met', 'one is booked', { interpreter: 'booked' }],
  ['interpreter', 'not-met', 'one is to be booked', { ...inPerson, interpreter: 'to-book' }],
  ['interpreter', 'not-met', 'the record says that they want one', { persons_interpreter: 'signed' }],
  [
    'interpreter',
    'not-met',
    'they said so in the conversation',
    { ...said({ interpreter: 'spoken' }), persons_interpreter: 'no' },
  ],
  ['interpreter', 'not-needed', 'they said no', { persons_interpreter: 'no' }],
  ['interpreter', 'not-needed', 'it stands on the appointment', { ...atHome, interpreter: 'not-needed' }],
  ['interpreter', 'not-known', 'they would rather not say', { persons_interpreter: 'prefer-not' }],
  ['needs', 'met', 'the record says what we do', { has_needs: true, needs_asked: 'some', has_needs_met: true }],
  ['needs', 'met', 'the appointment says it', { ...inPerson, has_needs: true, has_adaptations: true }],
  ['needs', 'not-met', 'nobody wrote down what we do', { has_needs: true, needs_asked: 'some' }],
  ['needs', 'not-needed', 'they have none', { needs_asked: 'none' }],
  ['needs', 'not-known', 'nobody asked', {}],
  ['preference', 'met', 'they were asked for a first meeting', { preferences: [preference()] }],
  ['preference', 'met', 'they were asked for an assessment', { preferences: [preference({ purpose: 'assessment' })] }],
  ['preference', 'not-met', 'it is to be asked again', { preferences: [preference({ review_on: '2026-08-11' })] }],
  [
    'preference',
    'not-known',
    'they were asked for something else',
    { preferences: [preference({ purpose: 'therapy' })] },
  ],
  ['platform', 'met', 'one is approved', { preferences: [preference({ approvals: ['not-approved', 'conditions'] })] }],
  [
    'platform',
    'not-met',
    'the one it is on is not',
    { platform_approval: 'not-approved', preferences: [preference()] },
  ],
  ['platform', 'not-met', 'none is', { preferences: [preference({ approvals: ['not-approved'] })] }],
  ['platform', 'not-known', 'they know none', { preferences: [preference({ approvals: [] })] }],
  ['place', 'met', 'it is written down', { ...inPerson, has_place: true }],
  ['place', 'met', 'their address', { ...atHome, records_address: true }],
  ['place', 'not-met', 'an address is not where they come to', { ...inPerson, records_address: true }],
  [
    'access',
    'met',
    'it is arranged',
    { ...inPerson, ...said({ 'in-person': ['step-free'] }), has_in_person_needs: true },
  ],
  ['access', 'not-met', 'it is not arranged', { ...atHome, ...said({ 'in-person': ['quiet'] }) }],
  ['access', 'not-needed', 'they need nothing', { ...inPerson, ...said({ 'in-person': 'none' }) }],
  ['access', 'not-known', 'nobody asked', inPerson],
  [
    'journey',
    'met',
    'it is arranged',
    { ...inPerson, ...said({ 'in-person': ['transport'] }), has_in_person_needs: true },
  ],
  ['journey', 'not-met', 'it is not arranged', { ...inPerson, ...said({ 'in-person': ['transport'] }) }],
  ['journey', 'not-needed', 'they need no help', { ...inPerson, ...said({ 'in-person': ['quiet'] }) }],
  ['journey', 'not-known', 'nobody asked', inPerson],
]

/** The states that a requirement can have: what is written down on the appointment is there or is not. */
const without: Readonly<Record<string, Status[]>> = {
  'way-in': ['not-known'],
  'back-up': ['not-known'],
  told: ['not-known'],
  place: ['not-known'],
  trial: ['not-known'],
}

describe('What an appointment needs', () => {
  it.each(cases)('%s is %s where %s', (id, status, _when, facts) => {
    const requirement = requirements.find((one) => one.id === id)
    expect(requirement?.ways).toContain(facts.way ?? 'video')
    expect(requirement?.status(known(facts))).toBe(status)
  })

  it('is tried in each state that it can have', () => {
    for (const { id, spared } of requirements) {
      const all: Status[] = ['met', 'not-met', 'not-known', ...(spared ? (['not-needed'] as const) : [])]
      const tried = new Set(cases.flatMap(([one, status]) => (one === id ? [status] : [])))
      expect([id, [...tried].sort()]).toEqual([id, all.filter((one) => !without[id]?.includes(one)).sort()])
    }
  })

  it('is never met where nothing is known', () => {
    for (const way of Object.keys(wayNames)) {
      for (const { id, ways, status } of requirements) {
        if ((ways as readonly string[]).includes(way))
          expect([id, status({ ...nothingKnown, way })]).not.toEqual([id, 'met'])
      }
    }
  })

  it('rests on questions that are read', () => {
    const read: ReadonlySet<string> = new Set(questionsAsked)
    const used = cases.flatMap(([, , , facts]) => (facts.said ?? []).map(({ question }) => question))
    expect(used.filter((question) => !read.has(question))).toEqual([])
  })

  it('is less on the phone than by video, and in person nothing that a screen needs', () => {
    const of = (way: string) =>
      requirements.filter(({ ways }) => (ways as readonly string[]).includes(way)).map(({ id }) => id)
    expect(of('phone').length).toBeLessThan(of('video').length)
    expect(of('phone')).toContain('private-place')
    for (const id of ['device', 'charger', 'data']) expect(of('face-to-face')).not.toContain(id)
    expect(of('face-to-face')).toEqual(expect.arrayContaining(['interpreter', 'access', 'journey']))
  })

  it('stands in docs/states.md as it is here, for clinicians to read', () => {
    const docs = readFileSync(new URL('../../docs/states.md', import.meta.url), 'utf8')
    for (const { name, ways, met, spared, by, takes, evidence, isNote } of requirements) {
      const forWays = ways.map((way) => wayNames[way].toLowerCase()).join(', ')
      const days = takes === 0 ? 'at once' : takes === 1 ? '1 working day' : `${takes} working days`
      const isNoted = isNote ? ' (a note)' : ''
      expect(docs).toContain(
        `| ${name}${isNoted} | ${forWays} | ${met} | ${spared ?? '–'} | ${fixerNames[by]}, ${days} | ${evidence} |`,
      )
    }
  })
})
