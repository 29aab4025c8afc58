/**
 * What somebody can work out who is given numbers that were rounded or hidden, and knows how they hang together. It is the
 * attacker that disclosure control is held against, and the tool it is held with.
 */

/** What is known of a number: it is at least `low` and at most `high`. */
export interface Bounds {
  low: number
  high: number
}

/** How numbers hang together: `low` ≤ plus − minus ≤ `high`, each side summed. */
export interface Relation {
  plus: readonly string[]
  minus: readonly string[]
  low: number
  high: number
}

/** The parts come to the whole. */
export function sumOf(whole: string, parts: readonly string[]): Relation[] {
  return [{ plus: [whole], minus: parts, low: 0, high: 0 }]
}

/** The whole has each part within it, and what two parts share it has once: people who came in June and again in July. */
export function unionOf(whole: string, parts: readonly string[]): Relation[] {
  const each = parts.map((part) => ({ plus: [whole], minus: [part], low: 0, high: Infinity }))
  return [{ plus: [whole], minus: parts, low: -Infinity, high: 0 }, ...each]
}

/** What can be worked out of each number, and which relation told the most of it. */
export interface WorkedOut {
  bounds: Map<string, Bounds>
  because: Map<string, Relation>
}

/** A relation may be asked again this often: numbers that lean on each other in a circle creep, and what they creep to is known by then. */
const MOST_ROUNDS = 200

/** Narrows what is known as far as the relations allow, by going round them until nothing changes. */
export function workOut(known: ReadonlyMap<string, Bounds>, relations: readonly Relation[]): WorkedOut {
  const bounds = new Map([...known].map(([id, { low, high }]) => [id, { low, high }]))
  const because = new Map<string, Relation>()
  const relationsOf = Map.groupBy(
    relations.flatMap((relation) => [...relation.plus, ...relation.minus].map((id) => ({ id, relation }))),
    ({ id }) => id,
  )
  const rounds = new Map<Relation, number>()
  const waiting = new Set(relations)
  for (const relation of waiting) {
    waiting.delete(relation)
    const round = (rounds.get(relation) ?? 0) + 1
    rounds.set(relation, round)
    if (round > MOST_ROUNDS) continue
    for (const id of narrow(relation, bounds)) {
      because.set(id, relation)
      for (const other of relationsOf.get(id) ?? []) waiting.add(other.relation)
    }
  }
  return { bounds, because }
}

/** Which numbers this one relation narrows, given what is known of the others. */
function narrow({ plus, minus, low, high }: Relation, bounds: Map<string, Bounds>): string[] {
  const terms = [
    ...plus.map((id) => ({ id, of: at(bounds, id), sign: 1 })),
    ...minus.map((id) => ({ id, of: at(bounds, id), sign: -1 })),
  ]
  const least = sumWithout(terms.map(({ of, sign }) => (sign > 0 ? of.low : -of.high)))
  const most = sumWithout(terms.map(({ of, sign }) => (sign > 0 ? of.high : -of.low)))
  // worked out before any is narrowed, so that no number is used against itself
  const found = terms.map(({ sign }, index) => {
    const atMost = high - least(index)
    const atLeast = low - most(index)
    return sign > 0 ? { low: atLeast, high: atMost } : { low: -atMost, high: -atLeast }
  })
  return terms.flatMap(({ id, of }, index) => {
    const { low: atLeast, high: atMost } = found[index] as Bounds
    if (!(atLeast > of.low || atMost < of.high)) return []
    of.low = Math.max(of.low, atLeast)
    of.high = Math.min(of.high, atMost)
    return [id]
  })
}

/** The sum of all but one, for each of them; infinities are counted, since they cannot be taken off a sum again. */
function sumWithout(values: readonly number[]): (index: number) => number {
  const finite = values.reduce((sum, value) => (Number.isFinite(value) ? sum + value : sum), 0)
  const endless = values.filter((value) => !Number.isFinite(value))
  return (index) => {
    const own = values[index] as number
    if (Number.isFinite(own)) return endless[0] ?? finite - own
    return endless.length > 1 ? own : finite
  }
}

function at(bounds: Map<string, Bounds>, id: string): Bounds {
  const found = bounds.get(id)
  if (!found) throw new Error(`Nothing is known of ${id}`)
  return found
}
