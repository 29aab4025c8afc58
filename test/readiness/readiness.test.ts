import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { wayNames } from '../../src/appointments/words-rules.ts'
import { questions } from '../../src/conversations/question-rules.ts'
import { addDays, londonDate } from '../../src/lib/dates.ts'
import type { ReadinessFacts } from '../../src/readiness/facts-rules.ts'
import { presentReadiness } from '../../src/readiness/panel-rules.ts'
import { questionsAsked } from '../../src/readiness/queries.ts'
import { otherWays, type ReadinessState, readinessOf } from '../../src/readiness/rules.ts'
import { readinessTag } from '../../src/readiness/words-rules.ts'
import { answers, everything, known, now, preference, thing } from './known.ts'

const ready = known(everything)
const tomorrow = { starts_at: '2026-08-04T13:30:00+00:00' }
const stateOf = (facts: ReadinessFacts) => readinessOf(facts, now).state

describe('An appointment', () => {
  it('is ready when nothing is left to do', () => {
    expect(readinessOf(ready, now)).toMatchObject({ state: 'ready', open: [], fixedOn: null })
  })

  it('in nine days can be made ready, with who, by when and where for each thing', () => {
    const panel = presentReadiness(known({}), now, true)
    expect(panel.state).toEqual({ text: '13 to do', colour: 'yellow' })
    expect(panel.lead).toBe('13 things are still to do. They can be done in time, by Thursday 6 August 2026.')
    expect(panel.others).toBeNull()
    expect(panel.toDo?.rows[0]?.cells).toEqual([
      { text: 'A device in hand, up to date' },
      { tag: { text: 'To ask', colour: 'blue' } },
      {
        text: 'Ask what device they will use, and look whether it is up to date',
        href: '/service-users/7/conversation',
      },
      { text: 'Digital champion', hint: 'by 6 August 2026' },
    ])
  })

  it('of tomorrow without a device cannot: their own next choices are offered, and face to face', () => {
    const facts = known({
      ...everything,
      ...tomorrow,
      ...{
        things: [],
        said: answers({
          device: 'none',
          confidence: 'sure',
          'private-place': 'always',
          connection: 'well',
          affordability: 'yes',
        }),
      },
      preferences: [preference({ ways: ['video', 'home-visit', 'phone'] })],
    })
    expect(stateOf(facts)).toBe('too-late')
    expect(otherWays(facts, now).map(({ way }) => way)).toEqual(['home-visit', 'phone', 'face-to-face'])
    const panel = presentReadiness(facts, now, false)
    expect(panel.others?.ways.map(({ text }) => text)).toEqual(['A visit at home', 'A phone call', 'Face to face'])
    expect(panel.lead).toContain('The appointment stands.')
  })

  it('of tomorrow of which nobody was asked anything is to be asked about, and is not said to be too late', () => {
    const panel = presentReadiness(known(tomorrow), now, true)
    expect(panel.state.text).toBe('Ask now')
    expect(panel.lead).toContain('Ask now: a device in hand, up to date; a charger; data or wi-fi, enough; training')
    expect(panel.lead).not.toContain('Not everything can be done')
    expect(panel.others?.ways.map(({ way }) => way)).toContain('face-to-face')
    // once they said that they have none, it is
    expect(stateOf(known({ ...tomorrow, said: answers({ device: 'none' }) }))).toBe('too-late')
  })

  it('keeps to what the organisation decided about trial calls and interpreters', () => {
    const of = (more: Partial<ReadinessFacts>) =>
      readinessOf(known({ ...everything, trials: [], interpreter: 'to-book', ...more }), now).lines
    const byOf = (id: string, more: Partial<ReadinessFacts>) => of(more).find((line) => line.requirement.id === id)
    expect(byOf('trial', { trial_call_days: 5 })?.by).toBe('2026-08-05')
    expect(byOf('interpreter', { interpreter_days: 1 })?.doneOn).toBe('2026-08-04')
  })

  it('is never said to be too late for what was only never asked', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const { state, open } = readinessOf(facts, now)
        if (open.every(({ status }) => status === 'not-known')) expect(state).not.toBe('too-late')
      }),
    )
  })

  it('has no link for whoever may not do what it leads to, and still says who does it', () => {
    const cells = presentReadiness(known({}), now, false).toDo?.rows.map(({ cells: row }) => row) ?? []
    for (const [, , what, who] of cells) expect(what?.href === undefined).toBe(who?.text === 'Digital champion')
  })

  it('is no less ready for a note', () => {
    const facts = known({ ...everything, preferences: [preference({ approvals: ['not-approved'] })] })
    expect(stateOf(facts)).toBe('ready')
    expect(presentReadiness(facts, now, true).toDo?.rows).toHaveLength(1)
  })

  it('waits no longer for what is promised sooner than it takes', () => {
    const promised = { things: [thing('tablet', { is_in_hand: false }), thing('charger', { is_in_hand: false })] }
    const facts = known({ ...everything, ...promised, ...tomorrow, starts_at: '2026-08-03T15:00:00+00:00' })
    expect(stateOf(facts)).toBe('in-time')
    expect(stateOf({ ...facts, things: [] })).toBe('ask-first')
  })
})

const ways = Object.keys(wayNames)
const boolean = fc.boolean()
const anyAnswers = fc
  .tuple(
    ...questionsAsked.map((id) => {
      const values = questions.find((one) => one.id === id)?.options.map(({ value }) => value) ?? []
      return fc.option(fc.constantFrom(...values), { nil: undefined })
    }),
  )
  .map((chosen) =>
    answers(
      Object.fromEntries(questionsAsked.flatMap((id, at) => (chosen[at] === undefined ? [] : [[id, chosen[at]]]))),
    ),
  )
const anyThing = fc.record({
  category: fc.constantFrom('tablet', 'smartphone', 'laptop', 'hotspot', 'sim', 'charger'),
  support_ends_on: fc.constantFrom(null, '2026-08-05', '2028-01-31'),
  from_at: fc.constantFrom('2026-08-01T09:00:00+00:00', '2026-08-06T09:00:00+00:00', '2026-09-01T09:00:00+00:00'),
  is_in_hand: boolean,
})
const anyPreference = fc.record({
  purpose: fc.constantFrom('first-meeting', 'assessment', 'therapy'),
  ways: fc.subarray(ways, { minLength: 1 }),
  review_on: fc.constantFrom('2026-08-05', '2027-01-01'),
  at: fc.constant('2026-08-01T09:00:00+00:00'),
  approvals: fc.subarray(['approved', 'conditions', 'not-approved']),
})
const anyTrial = fc.constantFrom(null, 'passed', 'passed-with-help', 'not-passed', 'not-reached').chain((outcome) =>
  fc.constantFrom('2026-08-01', '2026-08-05', '2026-08-11').map((day) => ({
    ...{ starts_at: `${day}T09:00:00+00:00`, ends_at: `${day}T09:30:00+00:00`, outcome },
  })),
)
const anyDay = fc.integer({ min: 0, max: 40 }).map((days) => `${addDays('2026-08-03', days)}T13:30:00+00:00`)
const anyFacts: fc.Arbitrary<ReadinessFacts> = fc.record({
  ...{ id: fc.constant(1), service_user_id: fc.constant(7), version: fc.constant(1), way: fc.constantFrom(...ways) },
  ...{ purpose: fc.constantFrom('assessment', 'therapy'), is_first: boolean, starts_at: anyDay, ends_at: anyDay },
  ...{ trial_call_days: fc.constantFrom(0, 2, 10), interpreter_days: fc.constantFrom(0, 3) },
  interpreter: fc.constantFrom(null, 'not-needed', 'to-book', 'booked'),
  back_up: fc.constantFrom(null, 'phone', 'text', 'video', 'face-to-face', 'another-time'),
  platform_approval: fc.constantFrom(null, 'approved', 'not-approved'),
  ...{ has_link: boolean, has_number_shown: boolean, has_back_up_number: boolean, has_call_back: boolean },
  is_told: boolean,
  ...{ has_place: boolean, has_in_person_needs: boolean, has_adaptations: boolean },
  persons_interpreter: fc.constantFrom(null, 'no', 'spoken', 'signed', 'prefer-not'),
  ...{ needs_asked: fc.constantFrom(null, 'none', 'some', 'prefer-not'), has_needs: boolean, has_needs_met: boolean },
  ...{ records_call_back: boolean, records_phone: boolean, records_address: boolean, said: anyAnswers },
  ...{ preferences: fc.array(anyPreference, { maxLength: 3 }), things: fc.array(anyThing, { maxLength: 4 }) },
  ...{ trained: fc.subarray(['2026-07-30', '2026-08-02']), training_planned: fc.subarray(['2026-08-05']) },
  ...{
    data: fc.constant(null),
    booked: fc.subarray(['tablet', 'private-room']),
    trials: fc.array(anyTrial, { maxLength: 3 }),
    met_by: fc.subarray(ways),
  },
})

/** The same with one thing less: something that somebody had, that was written down, or that was known. */
function withLess(facts: ReadinessFacts): ReadinessFacts[] {
  const less: Partial<ReadinessFacts>[] = [
    ...(['has_link', 'has_number_shown', 'has_back_up_number', 'has_call_back', 'has_place', 'is_told'] as const),
    ...(['has_in_person_needs', 'has_adaptations', 'has_needs_met', 'records_call_back'] as const),
    ...(['records_phone', 'records_address'] as const),
  ].map((name) => ({ [name]: false }))
  less.push({ back_up: null }, ...(facts.interpreter === 'booked' ? [{ interpreter: 'to-book' }] : []))
  for (const list of ['things', 'preferences', 'booked', 'met_by', 'trained', 'training_planned'] as const) {
    for (const one of facts[list]) less.push({ [list]: (facts[list] as unknown[]).filter((other) => other !== one) })
  }
  // a call that did not work is nothing that somebody has
  for (const one of facts.trials.filter(({ outcome }) => outcome !== 'not-passed')) {
    less.push({ trials: facts.trials.filter((other) => other !== one) })
  }
  // that somebody wants an interpreter, or cannot do something yet, is a need: without it there would be less to do
  const isNeed = ({ question, chosen: [one = ''] }: (typeof facts.said)[number]) =>
    question === 'interpreter' || one === 'not-yet' || one === 'not-sure'
  for (const one of facts.said.filter((answer) => !isNeed(answer))) {
    less.push({ said: facts.said.filter((other) => other !== one) })
  }
  return less.map((change) => ({ ...facts, ...change }))
}

// to know less is no improvement: what has to be asked first is no better than what is known to be too late
const rank: Record<ReadinessState, number> = { 'too-late': 0, 'ask-first': 0, 'in-time': 1, ready: 2 }

describe('Readiness', () => {
  it('never improves when something is taken away', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const before = rank[stateOf(facts)]
        for (const less of withLess(facts)) expect(rank[stateOf(less)]).toBeLessThanOrEqual(before)
      }),
    )
  })

  it('never shows as met what is not known, nor leaves it out', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const { lines } = readinessOf(facts, now)
        const panel = presentReadiness(facts, now, true)
        const toDo = panel.toDo?.rows.map(({ cells }) => cells[0]?.text) ?? []
        expect(toDo).toEqual(lines.filter(({ isOpen }) => isOpen).map(({ requirement }) => requirement.name))
        for (const { requirement, status } of lines) {
          if (status === 'not-known') expect(panel.done).not.toContain(requirement.name)
        }
      }),
    )
  })

  it('follows the appointment when it is moved: what can be done by then is worked out anew', () => {
    fc.assert(
      fc.property(anyFacts, anyDay, (facts, starts_at) => {
        const moved = readinessOf({ ...facts, starts_at }, now)
        const [today, day] = [londonDate(now), londonDate(starts_at)]
        for (const { by, doneOn } of moved.open) {
          expect(by >= today && (by <= day || by === today)).toBe(true)
          expect([...moved.late, ...moved.unsure].some((line) => line.doneOn === doneOn)).toBe(doneOn > day)
        }
        expect(moved.state === 'ready').toBe(moved.open.length === 0)
        expect(moved.state === 'in-time').toBe(moved.open.length > 0 && moved.open.every(({ doneOn }) => doneOn <= day))
      }),
    )
  })

  it('never stands in the way: whatever it is, there is a word for it, and face to face is offered', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        expect(readinessTag(readinessOf(facts, now)).text).not.toBe('')
        const offered = otherWays(facts, now).map(({ way }) => way)
        expect(offered.includes('face-to-face')).toBe(facts.way !== 'face-to-face')
        expect(offered).not.toContain(facts.way)
      }),
    )
  })
})
