import type { Answer } from '../../src/conversations/flag-rules.ts'
import type { ReadinessFacts, Thing } from '../../src/readiness/facts-rules.ts'

export const now = new Date('2026-08-03T09:30:00Z')

/** A video call on Wednesday 12 August, nine days on, of which nobody knows anything yet. */
export const nothingKnown: ReadinessFacts = {
  ...{ id: 1, service_user_id: 7, version: 1, way: 'video', purpose: 'assessment', is_first: true },
  ...{
    starts_at: '2026-08-12T13:30:00+00:00',
    ends_at: '2026-08-12T14:30:00+00:00',
    trial_call_days: 2,
    interpreter_days: 3,
    interpreter: null,
    back_up: null,
    platform_approval: null,
  },
  ...{
    has_link: false,
    has_number_shown: false,
    has_back_up_number: false,
    has_call_back: false,
    is_told: false,
    has_place: false,
  },
  ...{ has_in_person_needs: false, has_adaptations: false, persons_interpreter: null, needs_asked: null },
  ...{ has_needs: false, has_needs_met: false, records_call_back: false, records_phone: false, records_address: false },
  ...{
    said: [],
    preferences: [],
    things: [],
    data: null,
    booked: [],
    trained: [],
    training_planned: [],
    trials: [],
    met_by: [],
  },
}

export const known = (more: Partial<ReadinessFacts>): ReadinessFacts => ({ ...nothingKnown, ...more })

export function answers(given: Readonly<Record<string, string | string[]>>): Answer[] {
  return Object.entries(given).map(([question, chosen], at) => ({
    ...{ id: at + 1, conversation_id: 1, question, chosen: [chosen].flat(), said_on: '2026-08-01' },
    ...{ is_concern: false, clears: false },
  }))
}

export const thing = (category: string, more: Partial<Thing> = {}): Thing => ({
  ...{ category, support_ends_on: '2028-01-31', from_at: '2026-08-03T09:00:00+00:00', is_in_hand: true },
  ...more,
})

/** A trial-run call on 10 August, two days before, that worked. */
export const trial = (more: object = {}) => ({
  ...{ starts_at: '2026-08-10T09:00:00+00:00', ends_at: '2026-08-10T09:30:00+00:00', outcome: 'passed', ...more },
})

export const preference = (more: object = {}) => ({
  ...{ purpose: 'first-meeting', ways: ['video', 'phone'], review_on: '2027-02-03', at: '2026-08-03T09:00:00+00:00' },
  ...{ approvals: ['approved'], ...more },
})

/** Everything that a video call needs. */
export const everything: Partial<ReadinessFacts> = {
  ...{ interpreter: 'not-needed', back_up: 'phone', has_link: true, has_number_shown: true, has_back_up_number: true },
  ...{
    has_call_back: true,
    is_told: true,
    has_place: true,
    needs_asked: 'none',
    records_phone: true,
    records_address: true,
  },
  said: answers({
    confidence: 'sure',
    connection: 'well',
    affordability: 'yes',
    'private-place': 'always',
    'in-person': 'none',
  }),
  ...{ preferences: [preference()], things: [thing('tablet'), thing('charger'), thing('smartphone')] },
  trials: [trial({ starts_at: '2026-08-01T09:00:00+00:00', ends_at: '2026-08-01T09:30:00+00:00' })],
}
