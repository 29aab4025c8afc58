import type { Change } from '../../src/database/change.ts'
import { extendLines } from '../../src/extensions/actions.ts'
import { handOverLoans } from '../../src/handovers/actions.ts'
import { lendItems } from '../../src/loans/actions.ts'
import { extendLoan, giveItems, returnItems } from '../../src/loans/line-actions.ts'
import { swapItem } from '../../src/loans/swap-actions.ts'
import { transferLoan } from '../../src/loans/transfer-actions.ts'
import { returnByScanning } from '../../src/returns/actions.ts'
import * as loans from './loan-model.ts'
import { lineIdsOf, type Service, tryAndCompare, versionOf, wardIdOf } from './service.ts'
import { type Chosen, type LinesChoice, linesStep, type Step, step, thingStep } from './steps.ts'
import { report } from './stock-model.ts'
import { newestIncidentOf } from './stock-steps.ts'
import type { Line, Plan, Thing, World } from './world.ts'
import * as by from './world.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const who = ['a person', 'staff', 'a ward', 'another ward']

export function lend(places: number[], borrower: number, days: number | null): Step {
  const words = `lend ${places} to ${who[borrower]} ${days === null ? 'to keep' : `for ${days} days`}`
  return step(words, (world, service) => {
    const asked = {
      things: places.map((place) => world.things[place] as Thing),
      borrower,
      wardId: wardIdOf(service, borrower),
      dueOn: days === null ? null : by.daysAhead(world, days),
    }
    const order = {
      borrower: service.borrowers[borrower]!,
      itemIds: asked.things.map(({ id }) => id),
      dueOn: asked.dueOn,
      agreement: null,
      withoutCharger: true,
      unsupportedReason: null,
      notes: '',
    }
    const lendThem = (change: Change) => lendItems(change, order)
    return tryAndCompare(world, service, loans.lendOutcome(world, asked), lendThem, async ({ id }) =>
      loans.lend(world, asked, id, await lineIdsOf(service, id)),
    )
  })
}

async function formOf(service: Service, { loan, lines, isStale }: Chosen) {
  return { lineIds: lines.map(({ id }) => id), version: await versionOf(service, loan, isStale) }
}

export function extend(choice: LinesChoice, days: number): Step {
  return linesStep(`extend to ${days} days from now`, choice, async (world, service, asked) => {
    const dueOn = by.daysAhead(world, days)
    const form = await formOf(service, asked)
    const extendThem = (change: Change) => extendLoan(change, asked.loan.id, { ...form, dueOn })
    return tryAndCompare(world, service, loans.extendOutcome(world, asked, dueOn), extendThem, () =>
      loans.extend(world, asked.lines, dueOn),
    )
  })
}

/** All the lines that are out, of whatever loan; or also what has come back since the list was shown. */
export function extendMany(bits: number, isOpenOnly: boolean, days: number): Step {
  const chosen = (world: World) =>
    world.loans
      .flatMap(({ lines }) => lines)
      .filter((line) => line.dueOn !== null && !line.neverWas && (by.isOpen(line) || !isOpenOnly))
      .slice(-8)
      .filter((_, at) => (bits >> at) % 2 === 1)
  return step(
    `extend ${bits.toString(2)} of all${isOpenOnly ? ' that is out' : ''} to ${days} days from now`,
    (world, service) => {
      const dueOn = by.daysAhead(world, days)
      const lines = chosen(world)
      const seen = lines.map((line) => ({ id: line.id, dueOn: line.dueOn as string }))
      const extendThem = (change: Change) => extendLines(change, { lines: seen, dueOn })
      return tryAndCompare(world, service, loans.extendManyOutcome(world, lines, dueOn), extendThem, () =>
        loans.extend(world, lines, dueOn),
      )
    },
    (world) => chosen(world).length > 0,
  )
}

/** `share`: how far back between the day it was lent and today it came, beyond 1 too far; null: now. */
export function takeBack(choice: LinesChoice, share: number | null): Step {
  const when = share === null ? '' : `, ${share.toFixed(2)} of the time ago`
  return linesStep(`take back${when}`, choice, async (world, service, asked) => {
    const returnedOn = share === null ? null : by.dayBetween(asked.lines[0]!.from, world.now, share)
    const form = await formOf(service, asked)
    const takeThem = (change: Change) => returnItems(change, asked.loan.id, { ...form, returnedOn })
    return tryAndCompare(world, service, loans.returnOutcome(world, asked, returnedOn), takeThem, () =>
      loans.takeBack(world, asked, returnedOn),
    )
  })
}

/** Some codes after another, each perhaps of a thing that nobody has. */
export function scanBack(places: number[], daysAgo: number | null): Step {
  const when = daysAgo === null ? '' : ` that came ${daysAgo} days ago`
  return step(`scan ${places}${when}`, (world, service) => {
    const things = places.map((place) => world.things[place] as Thing)
    const returnedOn = daysAgo === null ? null : by.daysAhead(world, -daysAgo)
    const codes = things.map(({ tag }) => tag)
    const takeThem = (change: Change) => returnByScanning(change, { codes, returnedOn })
    return tryAndCompare(world, service, 'done', takeThem, () => loans.takeBackScanned(world, things, returnedOn))
  })
}

export function give(choice: LinesChoice): Step {
  return linesStep('give', choice, async (world, service, asked) => {
    const form = await formOf(service, asked)
    const giveThem = (change: Change) => giveItems(change, asked.loan.id, form)
    return tryAndCompare(world, service, loans.giveOutcome(world, asked), giveThem, () => loans.give(world, asked))
  })
}

export function swap(choice: LinesChoice, place: number, isBroken: boolean): Step {
  const words = `swap for ${place}${isBroken ? ', as it is broken' : ''}`
  return linesStep(words, choice, async (world, service, { loan, lines: [line], isStale }) => {
    const asked = { loan, lines: [line as Line], isStale, thing: world.things[place] as Thing }
    const form = {
      lineId: asked.lines[0]!.id,
      itemId: asked.thing.id,
      version: await versionOf(service, loan, isStale),
      old: isBroken ? ('broken' as const) : ('returned' as const),
      story: '',
      withoutCharger: true,
      unsupportedReason: null,
    }
    const swapThem = (change: Change) => swapItem(change, loan.id, form)
    return tryAndCompare(world, service, loans.swapOutcome(world, asked), swapThem, async () => {
      const old = asked.lines[0]!.thing
      if (isBroken) report(world, 'repairable', [old], await newestIncidentOf(service, old))
      loans.swap(world, asked, (await lineIdsOf(service, loan.id)).get(asked.thing.id) ?? 0)
    })
  })
}

export function transfer(choice: LinesChoice, borrower: number): Step {
  return linesStep(`transfer to ${who[borrower]}`, choice, async (world, service, chosen) => {
    const asked = { ...chosen, borrower, wardId: wardIdOf(service, borrower) }
    const order = {
      ...(await formOf(service, chosen)),
      to: service.borrowers[borrower]!,
      agreement: null,
      unwipedReason: 'They live together',
      withoutCharger: true,
      unsupportedReason: null,
    }
    const transferThem = (change: Change) => transferLoan(change, asked.loan.id, order)
    return tryAndCompare(world, service, loans.transferOutcome(world, asked), transferThem, async ({ id }) =>
      loans.transfer(world, asked, id, await lineIdsOf(service, id)),
    )
  })
}

/** The one champion hands it to the other, or back; it stays with whoever has it. */
export function handOver(choice: LinesChoice): Step {
  return linesStep('hand over', choice, (world, service, { loan, isStale }) => {
    const from = isStale ? 1 - loan.carer : loan.carer
    const [was, next] = [service.champions[from]!, service.champions[1 - from]!]
    const handIt = (change: Change) => handOverLoans(change, { loanId: loan.id, from: was, to: next })
    return tryAndCompare(world, service, loans.handOverOutcome(loan, from), handIt, () =>
      loans.handOver(world, [loan], 1 - from),
    )
  })
}

export function handOverAll(from: number): Step {
  return step(`hand over all that champion ${from} looks after`, (world, service) => {
    const [was, next] = [service.champions[from]!, service.champions[1 - from]!]
    const theirs = loans.caseloadOf(world, from)
    const handThem = (change: Change) => handOverLoans(change, { loanId: null, from: was, to: next })
    return tryAndCompare(world, service, by.unless(theirs.length === 0, 'RuleBroken'), handThem, () =>
      loans.handOver(world, theirs, 1 - from),
    )
  })
}

type Whose = 'nobody' | 'its ward' | 'a ward' | 'another ward'

/** Somebody plans to have it for some hours: for no ward, for the one in whose pool it is, or for one of the two. */
export function book(place: number, whose: Whose, days: number, hours: number): Step {
  const words = `book for ${whose} in ${days} days, ${hours} hours:`
  return thingStep(
    words,
    place,
    () => true,
    (world, service, thing) => {
      const { ward, otherWard } = service.app.people
      const wards = {
        nobody: null,
        'a ward': ward.id,
        'another ward': otherWard.id,
        'its ward': by.poolOf(world, thing),
      }
      const from = by.timeOf(world) + days * 24 * HOUR
      const plan = { from, until: from + hours * HOUR, wardId: wards[whose] }
      const addPlan = (change: Change) => addBooking(change, thing.id, plan)
      return tryAndCompare(world, service, loans.bookOutcome(world, thing, plan), addPlan, () => {
        thing.bookings.push(plan)
        by.tell(world, 'item:updated', thing)
      })
    },
  )
}

async function addBooking(change: Change, itemId: number, { from, until, wardId }: Plan): Promise<void> {
  await change.trx
    .insertInto('item_holds')
    .values({
      organisation_id: change.by.organisationId,
      item_id: itemId,
      kind: 'booking',
      plan: `[${new Date(from).toISOString()},${new Date(until).toISOString()})`,
      ward_id: wardId,
    })
    .execute()
  change.audit({ verb: 'item:updated', subject: ['item', itemId] })
}
