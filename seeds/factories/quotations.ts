import type { Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { Quotations } from '../../src/database/schema.ts'
import { exampleNow, insertOne } from './example.ts'
import { staffMember } from './staff.ts'

export interface QuotationOverrides {
  person: { id: number; organisation_id: number }
  by: { id: number }
  words?: string
  speaker?: 'person' | 'supporter'
  writtenAt?: Date
  agreedOn?: string
  /** What information governance decided; it waits where nothing is said. */
  decision?: 'approved' | 'refused'
  /** Who decided; made where nobody is named. */
  decidedBy?: { id: number }
}

/** What somebody said, and agreed to have shown. */
export async function quotation(
  db: Database,
  { person, by, writtenAt = exampleNow, agreedOn = '2026-08-01', decision, decidedBy, ...more }: QuotationOverrides,
): Promise<Selectable<Quotations>> {
  const { words = 'I can see my doctor without two buses', speaker = 'person' } = more
  const { organisation_id } = person
  const role = 'information-governance'
  const decider = decision && (decidedBy ?? (await staffMember(db, { organisation_id, role })))
  return await insertOne(db, 'quotations', {
    ...{ organisation_id, service_user_id: person.id, words, speaker, agreed_on: agreedOn, agreed_how: 'said' },
    ...{ written_at: writtenAt, written_by: by.id },
    ...(decider && { decision, decided_at: writtenAt, decided_by: decider.id }),
    ...(decision === 'refused' && { refused_because: 'It names a street' }),
  })
}
