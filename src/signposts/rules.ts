/** Help beyond the service, by what it is. */
export const kinds: Readonly<Record<string, string>> = {
  tariff: 'Cheaper phone and internet',
  hub: 'Places with Wi-Fi',
  library: 'Libraries',
  training: 'Learning nearby',
  specialist: 'Specialist services elsewhere',
  voluntary: 'Voluntary services',
}

/** An entry that nobody looked at for so long may be wrong by now. */
export const MONTHS_UNTIL_OLD = 6

export interface Signpost {
  id: number
  kind: string
  name: string
  about: string
  phone: string
  website: string
  address: string
  area: string
  helps: string[]
  checked_on: string
  version: number
}

/**
 * What is printed for somebody: what helps with what shuts them out, and what is for everybody (it helps with nothing in
 * particular). Whatever else somebody chose comes along.
 */
export function signpostsFor(signposts: readonly Signpost[], factors: ReadonlySet<string>): Signpost[] {
  return signposts.filter(({ helps }) => helps.length === 0 || helps.some((factor) => factors.has(factor)))
}

export function signpostUrl(id: number): string {
  return `/signposts/${id}`
}
