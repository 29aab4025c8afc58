import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import {
  isOverWhenFound,
  type PlaybookItem,
  playbook,
  taskHint,
  tasksAfterFound,
  taskText,
} from '../../src/incidents/playbook-rules.ts'
import {
  firstOwner,
  type Holder,
  holderOf,
  type IncidentKind,
  incidentKinds,
  incidentState,
  kindsFor,
  type Owner,
  taskState,
} from '../../src/incidents/rules.ts'
import { inOrderOfUrgency } from '../../src/incidents/urgency-rules.ts'
import { londonClock } from '../../src/lib/dates.ts'

const reported = new Date('2026-08-03T09:30:00Z')

function item(category: string, more: Partial<PlaybookItem> = {}): PlaybookItem {
  return { id: 1, category, imei: null, iccid: null, phone_number: null, isPlanned: false, ...more }
}

const phone = item('smartphone', { imei: '490154203237518', phone_number: '07700 900001' })
const tablet = item('tablet')
const charger = item('charger')

/** Each task with the hours until it is due, in the order of the playbook. */
function tasksOf(kind: IncidentKind, holder: Holder, ...items: PlaybookItem[]): string[] {
  return playbook(kind, holder, items, reported).map(
    ({ task, dueAt }) => `${task} ${(dueAt.getTime() - reported.getTime()) / 3_600_000}`,
  )
}

describe('the playbook', () => {
  it.each<[string, IncidentKind, Holder, PlaybookItem, string[]]>([
    [
      'a phone stolen from a person',
      'stolen',
      'person',
      phone,
      [
        'reach-person 2',
        'lock 2',
        'suspend-sim 4',
        'report-governance 24',
        'report-imei 24',
        'crime-reference 48',
        'replacement 48',
      ],
    ],
    [
      'a tablet without a SIM that a person lost',
      'lost',
      'person',
      tablet,
      ['reach-person 2', 'lock 2', 'report-governance 24', 'replacement 48'],
    ],
    ['a SIM that a person lost', 'lost', 'person', item('sim'), ['reach-person 2', 'suspend-sim 4', 'replacement 48']],
    ['a hotspot', 'lost', 'person', item('hotspot'), ['reach-person 2', 'suspend-sim 4', 'replacement 48']],
    ['a charger that a person lost', 'lost', 'person', charger, ['reach-person 2', 'replacement 48']],
    [
      'a tablet lost on a ward',
      'lost',
      'ward',
      tablet,
      ['reach-person 2', 'lock 2', 'report-governance 24', 'replacement 48', 'search 168'],
    ],
    [
      'a laptop stolen from a colleague',
      'stolen',
      'staff',
      item('laptop'),
      ['reach-person 2', 'lock 2', 'report-governance 24', 'crime-reference 48', 'replacement 48'],
    ],
    ['a tablet that nobody had', 'lost', 'nobody', tablet, ['lock 2', 'report-governance 24', 'search 168']],
    ['a charger that was on the shelf', 'lost', 'nobody', charger, ['search 168']],
    [
      'a booked headset that was on the shelf',
      'lost',
      'nobody',
      item('headset', { isPlanned: true }),
      ['tell-planned 24', 'search 168'],
    ],
    [
      'a phone that a person broke for good',
      'damaged',
      'person',
      phone,
      ['reach-person 2', 'replacement 48', 'save-sim 72', 'destroy-data 168'],
    ],
    ['a charger broken on the shelf', 'damaged', 'nobody', charger, []],
    [
      'a tablet that came back with a cracked screen',
      'repairable',
      'person',
      tablet,
      ['reach-person 2', 'replacement 48', 'arrange-repair 168'],
    ],
    ['a tablet found again', 'found', 'nobody', tablet, ['unlock 48']],
    ['a phone found again', 'found', 'nobody', phone, ['resume-sim 48', 'unlock 48', 'unblock-imei 48']],
  ])('asks of %s', (_what, kind, holder, one, tasks) => {
    expect(tasksOf(kind, holder, one)).toEqual(tasks)
  })

  it.each(['person', 'ward', 'staff'] as const)(
    'puts another way to be reached first for whoever had it: %s',
    (holder) => {
      for (const kind of ['lost', 'stolen', 'damaged', 'repairable'] as const) {
        for (const one of [phone, tablet, charger, item('headset', { isPlanned: true })]) {
          const [first] = inOrderOfUrgency(asRows(playbook(kind, holder, [one], reported)))
          expect(first?.task).toBe('reach-person')
        }
      }
    },
  )

  it('asks once of the whole and once of each thing that needs it', () => {
    const both = playbook('stolen', 'person', [phone, { ...item('sim'), id: 2 }, { ...charger, id: 3 }], reported)
    expect(both.map(({ task, itemId }) => [task, itemId])).toEqual([
      ['reach-person', null],
      ['lock', 1],
      ['suspend-sim', 1],
      ['suspend-sim', 2],
      ['report-governance', null],
      ['report-imei', 1],
      ['crime-reference', null],
      ['replacement', null],
    ])
  })

  it.each([
    ['over a weekend', '2026-08-07T16:00:00Z', '5pm on Friday', { date: '2026-08-08', hour: 17 }],
    ['over a bank holiday', '2026-12-24T16:00:00Z', '4pm on Christmas Eve', { date: '2026-12-25', hour: 16 }],
    ['when the clocks go forward', '2026-03-28T12:00:00Z', 'midday', { date: '2026-03-29', hour: 13 }],
    ['when the clocks go back', '2026-10-24T11:00:00Z', 'midday', { date: '2026-10-25', hour: 11 }],
  ])('counts 24 hours that really pass %s', (_when, from, _said, { date, hour }) => {
    const told = playbook('lost', 'person', [tablet], new Date(from)).find(({ task }) => task === 'report-governance')
    expect(told?.dueAt.getTime()).toBe(Date.parse(from) + 24 * 3_600_000)
    expect(londonClock(told!.dueAt)).toMatchObject({ date, hour })
  })

  it('leaves information governance two of the three days in which a breach has to be reported', () => {
    const told = playbook('lost', 'person', [tablet], reported).find(({ task }) => task === 'report-governance')
    expect((told!.dueAt.getTime() - reported.getTime()) / 3_600_000).toBeLessThanOrEqual(24)
  })

  it('has words for every task, and knows the kinds that PostgreSQL knows', () => {
    const all = Object.keys(incidentKinds).flatMap((kind) =>
      playbook(kind as IncidentKind, 'person', [{ ...phone, isPlanned: true }], reported).map(({ task }) => task),
    )
    for (const task of all) {
      for (const holder of ['person', 'ward', 'staff'] as const) expect(taskText(task, holder)).not.toBe(task)
      expect(taskHint(task)).not.toBe('')
    }
    const migration = readFileSync('migrations/20261122100100-incidents.sql', 'utf8')
    const kinds = /kind in \(([^)]*)\)\),\n {2}-- who had/.exec(migration)?.[1]
    expect(kinds?.replaceAll("'", '').split(', ')).toEqual(Object.keys(incidentKinds))
  })

  it('never speaks of paying, and of no ban', () => {
    const words = readFileSync('src/incidents/rules.ts', 'utf8')
    expect(words).toContain('Nobody pays for it, and everybody can borrow again.')
    expect(words).not.toMatch(/\bfine[ds]?\b|\bbann?ed\b|\bcharge them\b|\bcost to\b/i)
  })
})

function asRows(tasks: ReturnType<typeof playbook>) {
  return tasks.map(({ task, itemId, dueAt }) => ({
    task: task as string,
    item_id: itemId,
    due_at: dueAt.toISOString(),
    done_at: null as string | null,
    dropped_at: null as string | null,
  }))
}

describe('what is found again', () => {
  const tasks = asRows(playbook('stolen', 'person', [phone, { ...item('sim'), id: 2 }], reported))
  const found = new Date('2026-08-05T10:00:00Z')

  it('ends what is about it and about nothing else', () => {
    const over = tasks.filter((task) => isOverWhenFound(task, [1], false))
    expect(over.map(({ task, item_id }) => [task, item_id])).toEqual([
      ['lock', 1],
      ['suspend-sim', 1],
      ['report-imei', 1],
    ])
  })

  it('ends what is about all of it once all of it is found', () => {
    const over = tasks.filter((task) => isOverWhenFound(task, [1, 2], true)).map(({ task }) => task)
    expect(over).toEqual(['lock', 'suspend-sim', 'suspend-sim', 'report-imei', 'crime-reference'])
  })

  it('asks for what was suspended, locked and told to be put right, ticked or not, counted from when it was found', () => {
    const after = tasksAfterFound(tasks, [1, 2], true, found)
    expect(after.map(({ task, itemId }) => [task, itemId])).toEqual([
      ['unlock', 1],
      ['resume-sim', 1],
      ['resume-sim', 2],
      ['unblock-imei', 1],
      ['tell-police', null],
    ])
    expect(new Set(after.map(({ dueAt }) => dueAt.toISOString()))).toEqual(new Set(['2026-08-07T10:00:00.000Z']))
  })

  it('asks nothing of a loss that had nothing to lock, suspend or report', () => {
    const few = asRows(playbook('lost', 'person', [charger], reported))
    expect(tasksAfterFound(few, [1], true, found)).toEqual([])
  })
})

describe('how a task stands', () => {
  const at = (due_at: string, more = {}) => taskState({ due_at, done_at: null, dropped_at: null, ...more }, reported)

  it('is overdue from the moment after it was due', () => {
    expect(at('2026-08-03 09:30:00+00')).toBe('to-do')
    expect(at('2026-08-03 09:29:59.999+00')).toBe('overdue')
    expect(at('2026-08-03 09:30:00.001+00')).toBe('to-do')
  })

  it('is done or not needed, however late', () => {
    expect(at('2020-01-01 00:00:00+00', { done_at: '2026-08-03 09:00:00+00' })).toBe('done')
    expect(at('2020-01-01 00:00:00+00', { dropped_at: '2026-08-03 09:00:00+00' })).toBe('dropped')
  })

  it('is listed with the most urgent first, then what is done, then what is not needed', () => {
    const row = (task: string, due_at: string, more = {}) => ({
      task,
      due_at,
      done_at: null,
      dropped_at: null,
      ...more,
    })
    const rows = [
      row('lock', '2026-08-01 09:00:00+00', { dropped_at: 'then' }),
      row('reach-person', '2026-08-01 09:00:00+00', { done_at: 'then' }),
      row('search', '2026-08-03 12:00:00+00'),
      row('replacement', '2026-08-03 11:00:00+00'),
      row('suspend-sim', '2026-08-03 11:00:00+00'),
    ]
    expect(inOrderOfUrgency(rows).map(({ task }) => task)).toEqual([
      'suspend-sim',
      'replacement',
      'search',
      'reach-person',
      'lock',
    ])
  })

  it.each([
    [0, 0, 'finished'],
    [2, 0, 'open'],
    [2, 1, 'overdue'],
  ])('makes an incident with %i to do, %i of them late, %s', (open_tasks, overdue_tasks, state) => {
    expect(incidentState({ open_tasks, overdue_tasks })).toBe(state)
  })
})

describe('what can be said of an item', () => {
  it.each([
    ['one that is ours', 'tablet', null, ['lost', 'stolen', 'damaged', 'repairable']],
    ['a room', 'private-room', null, ['damaged', 'repairable']],
    ['a locker bay', 'locker-bay', null, ['damaged', 'repairable']],
    ['one that is lost', 'tablet', 'lost', ['found']],
    ['one that was stolen', 'sim', 'stolen', ['found']],
    ['one that was given away', 'tablet', 'given', []],
    ['one that is broken for good', 'tablet', 'damaged', []],
    ['one that was retired', 'tablet', 'retired', []],
  ])('%s', (_what, category, left_as, kinds) => {
    expect(kindsFor({ category, left_as })).toEqual(kinds)
  })

  it('is told by who had it', () => {
    const nobody = { service_user_id: null, ward_id: null, staff_id: null }
    expect([
      holderOf(nobody),
      holderOf({ ...nobody, service_user_id: 1 }),
      holderOf({ ...nobody, ward_id: 1 }),
      holderOf({ ...nobody, staff_id: 1 }),
    ]).toEqual(['nobody', 'person', 'ward', 'staff'])
  })
})

describe('who has the tasks to begin with', () => {
  const owner = (id: number, role = 'champion', is_lead_champion = false): Owner => ({
    id,
    name: `Owner ${id}`,
    role,
    is_lead_champion,
  })
  const [admin, first, second, lead] = [owner(1, 'administrator'), owner(2), owner(3), owner(4, 'champion', true)]

  it.each<[string, Owner[], number, number | null, number | null]>([
    ['whoever reported it and works with incidents', [admin, first, second, lead], 3, 2, 3],
    ['an administrator who reported it', [admin, first, lead], 1, 2, 1],
    ['the champion who lent it, when a ward reports it', [admin, first, second, lead], 9, 3, 3],
    ['a lead champion, when the lender has left', [admin, first, lead], 9, 8, 4],
    ['a champion where none leads', [admin, first, second], 9, null, 2],
    ['an administrator where there is no champion', [admin], 9, null, 1],
    ['nobody where there is nobody', [], 9, null, null],
  ])('is %s', (_who, owners, reporter, lender, expected) => {
    expect(firstOwner(owners, reporter, lender)).toBe(expected)
  })
})
