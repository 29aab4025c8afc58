import { isNhsNumber } from '../lib/nhs-number.ts'

/**
 * Words that tell what somebody sees a clinician about. A letter may be opened by somebody else, and a screen is read by whoever
 * stands near it, so nothing typed that has one of them stands there, unless the person agreed that we say who we are.
 */
const TELLS =
  /\w*(?:psych|mental|therap|counsel|cbt|camhs|cmht|\bcpn\b|crisis|addict|alcohol|drug|recovery|wellbeing|anxi|depress|trauma|\beating|self.?harm|suicid|dement|memory|forensic|perinatal|neuro|adhd|autis|talking)\w*/i

/** What we are, and what may be wrong at home. */
const TELLS_OF_US = /\bNHS\b|\w*(?:clinic|hospital|medic)\w*|\b(?:wards?|patients?|nurses?|doctors?|care teams?)\b/i
const TELLS_OF_A_RISK = /\b(?:at )?risk\w*|\w*(?:violen|abus|safeguard|stalk|perpetrat)\w*|\bunsafe\b|\bpolice\b/i
/** With a small letter it is what we hope for. */
const A_TRUST = /\bTrust\b/

export const sayable = (words: string, namesService: boolean) => (namesService || !TELLS.test(words) ? words : '')

/** What in these words gives a service, a risk or a person away, each as it stands there. `names`: see {@link quietNames}. */
export function tellingIn(words: string, names: readonly string[]): string[] {
  const patterns = [TELLS, TELLS_OF_US, TELLS_OF_A_RISK, A_TRUST, ...names.map(nameAsPattern)]
  const found = patterns.flatMap((pattern) => {
    const flags = pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`
    return [...words.matchAll(new RegExp(pattern.source, flags))].map(([word]) => word.trim())
  })
  const all = [...new Set([...found, ...nhsNumbersIn(words)])]
  return all.filter((one) => !all.some((other) => other !== one && other.includes(one)))
}

/** The NHS numbers that stand in these words, however they are spaced. */
export function nhsNumbersIn(words: string): string[] {
  const runs = words.match(/(?<!\d)\d(?:[ -]?\d){9}(?![ -]?\d)/g) ?? []
  return runs.filter((run) => isNhsNumber(run.replaceAll(/\D/g, '')))
}

const nameAsPattern = (name: string) =>
  new RegExp(
    `(?<![\\p{L}\\d])${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/\s+/g, '\\s+')}(?![\\p{L}\\d])`,
    'iu',
  )

/** What stands in the names of many services, and tells nothing of this one. */
const COMMON =
  'nhs trust foundation mental health healthcare community partnership university hospital hospitals services service care and of the for in social north south east west england city county group board integrated digital inclusion ward unit team hub inpatient'
const common = new Set(COMMON.split(' '))

/**
 * The names that no word of a message may have: of the organisation, also by half of it, and of its wards and teams. What stands in
 * our own words anyway (`ours`) is left out: a ward called Tuesday must not stop every message.
 */
export function quietNames(organisation: string, wards: readonly string[], ours: string): string[] {
  const own = organisation.split(/[^\p{L}\d]+/u).filter((word) => word.length > 3)
  const asked = [organisation, ...[...own, ...wards.flatMap((name) => [name, shortened(name)])]]
  const names = asked.map((name) => name.trim()).filter((name) => name.length > 2 && !common.has(name.toLowerCase()))
  return [...new Set(names)].filter((name) => !nameAsPattern(name).test(ours))
}

/** "Oak ward" is known as Oak. */
function shortened(name: string): string {
  const words = name.split(/\s+/).filter((word) => !common.has(word.toLowerCase()))
  return words.length === 1 && (words[0]?.length ?? 0) > 2 ? (words[0] ?? '') : ''
}
