import { correctBorrower } from '../../src/corrections/borrower-actions.ts'
import { correctDate } from '../../src/corrections/date-actions.ts'
import { correctItem } from '../../src/corrections/item-actions.ts'
import { undoReturn } from '../../src/corrections/return-actions.ts'
import type { Change } from '../../src/database/change.ts'
import * as corrections from './correction-model.ts'
import { lineIdsOf, type Service, tryAndCompare, versionOf, wardIdOf } from './service.ts'
import { type Chosen, type LinesChoice, linesStep, type Step } from './steps.ts'
import type { Line, Thing } from './world.ts'
import * as by from './world.ts'

async function formOf(service: Service, { loan, lines, isStale }: Chosen) {
  return {
    loanId: loan.id,
    version: await versionOf(service, loan, isStale),
    reason: 'It was written down in a hurry',
    lineIds: lines.map(({ id }) => id),
  }
}

export function borrower(choice: LinesChoice, to: number): Step {
  const whose = ['a person', 'staff', 'a ward', 'another ward'][to]
  return linesStep(`correct: ${whose} had it`, choice, async (world, service, asked) => {
    const wardId = wardIdOf(service, to)
    const form = { ...(await formOf(service, asked)), borrower: service.borrowers[to]! }
    const correct = (change: Change) => correctBorrower(change, form)
    const expected = corrections.borrowerOutcome(world, asked, to, wardId)
    return tryAndCompare(world, service, expected, correct, async ({ loanId }) => {
      const next = { id: loanId, borrower: to, wardId }
      corrections.correctBorrower(world, asked, next, await lineIdsOf(service, loanId))
    })
  })
}

/** `days` from the day that is written down. */
export function date(choice: LinesChoice, kind: corrections.DateKind, days: number): Step {
  return linesStep(`correct the day (${kind}) by ${days} days`, choice, async (world, service, asked) => {
    const [line] = asked.lines as [Line]
    const written = { lent: line.from, returned: line.until ?? line.from, review: by.timeOf(world) }
    const day = by.dayAfter(written[kind], days)
    const form = { ...(await formOf(service, asked)), kind, day }
    const correct = (change: Change) => correctDate(change, form)
    return tryAndCompare(world, service, corrections.dateOutcome(world, asked, kind, day), correct, () =>
      corrections.correctDate(world, asked, kind, day),
    )
  })
}

export function item(choice: LinesChoice, place: number): Step {
  return linesStep(
    `correct: it was ${place} in truth`,
    choice,
    async (world, service, { loan, lines: [line], isStale }) => {
      const asked = { loan, lines: [line as Line], isStale }
      const thing = world.things[place] as Thing
      const form = { ...(await formOf(service, asked)), lineId: asked.lines[0]!.id, itemId: thing.id }
      const correct = (change: Change) => correctItem(change, form)
      return tryAndCompare(world, service, corrections.itemOutcome(world, asked, thing), correct, () =>
        corrections.correctItem(world, asked, thing),
      )
    },
  )
}

/** It never came back, or was never given; what was a gift from the first day is reviewed then. */
export function undo(choice: LinesChoice, days: number): Step {
  return linesStep(`correct: it never ended, review in ${days} days`, choice, async (world, service, asked) => {
    const dueOn = by.daysAhead(world, days)
    const form = { ...(await formOf(service, asked)), dueOn }
    const correct = (change: Change) => undoReturn(change, form)
    return tryAndCompare(world, service, corrections.undoOutcome(world, asked, dueOn), correct, () =>
      corrections.undoReturn(world, asked, dueOn),
    )
  })
}
