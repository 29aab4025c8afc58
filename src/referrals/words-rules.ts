import { channels } from '../safe-contact/kinds-rules.ts'
import { channelWords } from '../safe-contact/words-rules.ts'
import { type Ask, asks, type Barrier, barriers, type ContactSaid, type Source, sources } from './rules.ts'

/** What was asked for, as a line: "A charger, data or Wi-Fi". */
export function asksInWords(asked: readonly Ask[]): string {
  const words = (Object.keys(asks) as Ask[]).filter((ask) => asked.includes(ask)).map((ask) => asks[ask].text)
  return words.map((text, at) => (at === 0 ? text : text.charAt(0).toLowerCase() + text.slice(1))).join(', ')
}

/** What is in the way, a line each, what somebody wrote last. */
export function barrierLines(chosen: readonly Barrier[], words: string): string[] {
  const lines = (Object.keys(barriers) as Barrier[]).filter((one) => chosen.includes(one)).map((one) => barriers[one])
  return [...lines, ...(words === '' ? [] : words.split('\n'))]
}

/** What was told about ways of reaching them: "Texts: yes". */
export function saidLines(said: ContactSaid): string[] {
  return channels.flatMap((channel) => {
    const answer = said[channel]
    return answer ? [`${channelWords[channel].name}: ${answer === 'allowed' ? 'yes' : 'no'}`] : []
  })
}

export interface CameFrom {
  source: Source
  team: string | null
  referrer: string
  staff_member: string
}

/** Who asked: the person at the care team or ward, or whoever wrote or rang. */
export function whoAsked({ source, team, referrer, staff_member }: CameFrom): string {
  const who = referrer === '' ? staff_member : referrer
  return team === null || who.includes(team) ? who : `${who}, ${team}`.replace(/^$/, sources[source])
}
