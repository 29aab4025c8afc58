import type { Change } from '../../src/database/change.ts'
import { bringBack as bringBackItem, retireItem } from '../../src/disposals/actions.ts'
import { findLastDisposal } from '../../src/disposals/queries.ts'
import { markFound, reportIncident } from '../../src/incidents/actions.ts'
import type { Category } from '../../src/items/rules.ts'
import { closeRescue, planOnward as planOnwardOf } from '../../src/onward-plans/actions.ts'
import { sendToRepair as sendItem, takeBackFromRepair } from '../../src/repairs/actions.ts'
import { doSteps } from '../../src/turnaround/actions.ts'
import { stepsFor } from '../../src/turnaround/rules.ts'
import { type Service, tryAndCompare } from './service.ts'
import { type LinesChoice, linesStep, type Step, step, thingStep } from './steps.ts'
import * as stock from './stock-model.ts'
import type { Thing, World } from './world.ts'
import * as by from './world.ts'

export async function newestIncidentOf({ app }: Service, { id }: Thing): Promise<number> {
  const row = await app.db
    .selectFrom('incident_items')
    .select((eb) => eb.fn.max('incident_id').as('newest'))
    .where('item_id', '=', id)
    .executeTakeFirstOrThrow()
  return Number(row.newest ?? 0)
}

/** One thing or two, which one loan may have had or not. */
export function report(places: number[], kind: stock.Kind): Step {
  return step(`report ${places} as ${kind}`, async (world, service) => {
    const things = places.map((place) => world.things[place] as Thing)
    const seen = await Promise.all(things.map((thing) => newestIncidentOf(service, thing)))
    const asked = {
      kind,
      itemIds: things.map(({ id }) => id),
      lineId: stock.lineOfReport(world, things[0]!)?.id ?? null,
      seen: Math.max(...seen),
      ...{ happened_on: null, story: '', crime_reference: '' },
    }
    const reportThem = (change: Change) => reportIncident(change, asked)
    return tryAndCompare(world, service, stock.reportOutcome(world, things), reportThem, ({ id }) =>
      stock.report(world, kind, things, id),
    )
  })
}

/** One of the things of an incident, counted from the newest, is found; or is said to be though nobody lost it. */
export function find(back: number, place: number): Step {
  const chosen = (world: World) => world.incidents.at(-1 - (back % Math.max(world.incidents.length, 1)))
  return step(
    `find thing ${place} of the incident ${back} back`,
    (world, service) => {
      const incident = chosen(world)!
      const thing = incident.things[place % incident.things.length]!
      const findIt = (change: Change) => markFound(change, incident.id, [thing.id])
      return tryAndCompare(world, service, stock.findOutcome(incident, thing), findIt, () =>
        stock.find(world, incident, thing),
      )
    },
    (world) => chosen(world) !== undefined,
  )
}

export function sendToRepair(place: number): Step {
  const details = {
    reason: 'The screen is cracked',
    place: 'Hob Moor Repairs',
    cost_pence: null,
    expected_back_on: null,
  }
  return thingStep(
    'send to repair',
    place,
    () => true,
    (world, service, thing) => {
      const sendIt = (change: Change) => sendItem(change, thing.id, details)
      return tryAndCompare(world, service, stock.sendToRepairOutcome(world, thing), sendIt, () =>
        stock.sendToRepair(world, thing),
      )
    },
  )
}

export function backFromRepair(place: number): Step {
  const isAway = (_: World, thing: Thing) => by.openStay(thing)?.kind === 'repair' && thing.left === null
  return thingStep('take back from repair', place, isAway, (world, service, thing) => {
    const takeIt = async (change: Change) => takeBackFromRepair(change, await openHoldOf(change, thing, 'repair'))
    return tryAndCompare(world, service, 'done', takeIt, () => stock.backFromRepair(world, thing))
  })
}

async function openHoldOf({ trx }: Change, thing: Thing, kind: string): Promise<number> {
  const { id } = await trx
    .selectFrom('item_holds')
    .select('id')
    .where('item_id', '=', thing.id)
    .where('kind', '=', kind)
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow()
  return id
}

export function retire(place: number): Step {
  return thingStep(
    'retire',
    place,
    () => true,
    (world, service, thing) => {
      const details = {
        how: 'recycled' as const,
        to_whom: 'Ouse Recycling',
        wiped_how: 'factory-reset' as const,
        wiped_by: 'Sam',
        ...{ certificate: '', disposed_on: by.today(world), note: '' },
      }
      const retireIt = (change: Change) => retireItem(change, thing.id, details)
      return tryAndCompare(world, service, stock.retireOutcome(world, thing), retireIt, () =>
        stock.retire(world, thing),
      )
    },
  )
}

/** What was retired is ours again, where that was not long ago. */
export function bringBack(place: number): Step {
  const wasRetired = (_: World, thing: Thing) => thing.retirement !== null
  return thingStep('bring back', place, wasRetired, (world, service, thing) => {
    const bringIt = async (change: Change) => {
      const disposal = await findLastDisposal(change.trx, change.by, thing.id)
      return bringBackItem(change, thing.id, disposal?.id ?? 0)
    }
    return tryAndCompare(world, service, stock.bringBackOutcome(world, thing), bringIt, () =>
      stock.bringBack(world, thing),
    )
  })
}

const isOnBench = (_: World, thing: Thing) => by.openStay(thing)?.kind === 'turnaround' && thing.left === null

export function makeReady(place: number): Step {
  return thingStep('make ready, of those on the bench,', place, isOnBench, (world, service, thing) => {
    const doAll = async (change: Change) => {
      const ticked = stepsFor(thing.category as Category).map((name) => ({
        step: name,
        method: name === 'wiped' ? ('factory-reset' as const) : null,
        note: '',
      }))
      await doSteps(change, thing.id, await openHoldOf(change, thing, 'turnaround'), ticked)
    }
    return tryAndCompare(world, service, stock.makeReadyOutcome(thing), doAll, () => stock.makeReady(world, thing))
  })
}

/** What comes after the loan, and that something on what they have is to be saved before it is wiped. */
export function planOnward(choice: LinesChoice): Step {
  return linesStep('plan what comes next, and keep photos', choice, (world, service, chosen) => {
    const order = {
      choices: ['extend' as const],
      notes: '',
      agreedWith: 'person' as const,
      agreedWho: '',
      agreedOn: by.today(world),
      toKeep: 'something' as const,
      keeps: chosen.lines.map((line) => ({ lineId: line.id, what: 'Photos of the garden' })),
    }
    const planIt = (change: Change) => planOnwardOf(change, chosen.loan.id, order)
    return tryAndCompare(world, service, stock.planOnwardOutcome(chosen), planIt, () => stock.planOnward(world, chosen))
  })
}

export function save(place: number): Step {
  return thingStep(
    'save photos of',
    place,
    (_, thing) => thing.isToBeSaved,
    (world, service, thing) => {
      const saveThem = async (change: Change) => {
        const { id } = await change.trx
          .selectFrom('rescues')
          .select('id')
          .where('item_id', '=', thing.id)
          .where('closed_at', 'is', null)
          .executeTakeFirstOrThrow()
        return closeRescue(change, id, 'saved', { itemId: thing.id })
      }
      return tryAndCompare(world, service, 'done', saveThem, () => stock.save(world, thing))
    },
  )
}
