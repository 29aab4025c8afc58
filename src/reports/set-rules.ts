import { barrierSet } from './barrier-rules.ts'
import { choiceSet } from './choice-rules.ts'
import { dataSet } from './data-rules.ts'
import { firstAppointmentSet } from './first-appointment-rules.ts'
import { lendingSet } from './lending-rules.ts'
import type { LineSet, SetName } from './line-rules.ts'
import { moneySet } from './money-rules.ts'
import { peopleSet } from './people-rules.ts'
import { referralSet } from './referral-rules.ts'
import { referredSet } from './referred-rules.ts'
import { stockSet } from './stock-rules.ts'
import { trainingSet } from './training-rules.ts'
import { wardSet } from './ward-rules.ts'

/** Every set of lines that is counted and published as a whole. */
export const lineSets: Readonly<Record<SetName, LineSet>> = {
  people: peopleSet,
  lending: lendingSet,
  'first-appointments': firstAppointmentSet,
  referrals: referralSet,
  referred: referredSet,
  barriers: barrierSet,
  choice: choiceSet,
  stock: stockSet,
  wards: wardSet,
  data: dataSet,
  training: trainingSet,
  money: moneySet,
}

const sets: readonly LineSet[] = Object.values(lineSets)
export const trueOnlyLines: ReadonlySet<string> = new Set(sets.flatMap(({ trueOnly }) => trueOnly.map(({ id }) => id)))
const texts = new Map(
  sets
    .flatMap(({ lines, trueOnly, amounts = [] }) => [...lines, ...trueOnly, ...amounts])
    .map(({ id, text }) => [id, text]),
)

/** What a line is called. */
export function textOf(id: string): string {
  const text = texts.get(id)
  if (text === undefined) throw new Error(`There is no line ${id}`)
  return text
}
