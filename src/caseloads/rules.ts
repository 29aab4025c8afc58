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
}

export function peopleInWords(count: number): string {
  return count === 1 ? '1 person' : `${count} people`
}

/** How far a champion sees. */
export function sightOf({
  caseload_only,
  is_lead_champion,
  is_gone,
}: Omit<CaseloadChampion, 'id' | 'name' | 'people'>) {
  if (is_gone) return 'No champion any more'
  if (is_lead_champion) return 'Everybody, and leads the others'
  return caseload_only ? 'Their caseload only' : 'Everybody'
}
