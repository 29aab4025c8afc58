/** Whose caseload people go from and to; null is nobody's. */
export interface CaseloadHandover {
  from: number | null
  to: number | null
  /** null: everybody who is on it. */
  personIds: number[] | null
}

export interface CaseloadChampion {
  id: number
  name: string
  caseload_only: boolean
  is_lead_champion: boolean
  /** They have left, or are no champion any more: nobody is handed over to them. */
  is_gone: boolean
  people: number
  /** What they have planned in the next two weeks. */
  planned: number
}

/** Fewer people than this are too many for nobody. */
const FEW_PEOPLE = 8
const TOO_MANY_TIMES_AVERAGE = 1.5

/** Who has far more people than the others: half as many again as the champions have on average. */
export function overloaded(champions: readonly Pick<CaseloadChampion, 'id' | 'people' | 'is_gone'>[]): Set<number> {
  const here = champions.filter(({ is_gone }) => !is_gone)
  if (here.length < 2) return new Set()
  const average = here.reduce((sum, { people }) => sum + people, 0) / here.length
  const isTooMany = (people: number) => people >= FEW_PEOPLE && people > average * TOO_MANY_TIMES_AVERAGE
  return new Set(here.filter(({ people }) => isTooMany(people)).map(({ id }) => id))
}

/** Handed over: 3 people. 2 things planned with them went along. 1 stays in the diary it was in. */
export function handedOverInWords({ people, moved, left }: { people: number; moved: number; left: number }): string {
  const things = (count: number) => (count === 1 ? '1 thing' : `${count} things`)
  return [
    `Handed over: ${peopleInWords(people)}.`,
    ...(moved > 0 ? [`${things(moved)} planned with them went along.`] : []),
    ...(left > 0
      ? [
          `${things(left)} could not go along, and ${left === 1 ? 'stays' : 'stay'} in the diary as before: find another time.`,
        ]
      : []),
  ].join(' ')
}

export function peopleInWords(count: number): string {
  return count === 1 ? '1 person' : `${count} people`
}

/** How far a champion sees. */
export function sightOf({
  caseload_only,
  is_lead_champion,
  is_gone,
}: Pick<CaseloadChampion, 'caseload_only' | 'is_lead_champion' | 'is_gone'>) {
  if (is_gone) return 'No champion any more'
  if (is_lead_champion) return 'Everybody, and leads the others'
  return caseload_only ? 'Their caseload only' : 'Everybody'
}
