import { quietNames, tellingIn } from '../safe-contact/telling-rules.ts'
import { allOurWords } from './ours-rules.ts'
import { type Known, type OwnWording, wordingParts } from './wording-rules.ts'

/** The names that no message may say, as things are called today. */
export const quietOf = ({ organisation, wards }: { organisation: string; wards: readonly string[] }) =>
  quietNames(organisation, wards, allOurWords)

/** Own words, and which of them give the service away. */
export function knownOf(own: OwnWording, quiet: readonly string[]): Known {
  const telling = wordingParts.filter((part) => own[part] !== null && tellingIn(own[part], quiet).length > 0)
  return { own, telling: new Set(telling) }
}

/** By organisation and kind: "7 session-made". */
export type KnownWordings = ReadonlyMap<string, Known>

interface Row extends OwnWording {
  organisation_id: number
  kind: string
  organisation: string
  wards: string[]
}

/** Which words are used for whom; asked anew for each batch, since a ward may have been named after somebody wrote them. */
export function knownWordings(rows: readonly Row[]): KnownWordings {
  return new Map(rows.map((row) => [`${row.organisation_id} ${row.kind}`, knownOf(row, quietOf(row))]))
}
