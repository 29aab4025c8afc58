import type { Change } from '../database/change.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { findPersonToTellOf } from '../service-users/tell-of-queries.ts'
import { type FoundQuotation, lockQuotation } from './queries.ts'
import { type QuotationForm, quotationState } from './rules.ts'

/** Writes down what somebody said and agreed to have shown. Its words stand in no audit row. Gives its id. */
export async function writeQuotation(
  change: Change,
  personId: number,
  { words, speaker, agreedOn, agreedHow }: QuotationForm,
): Promise<{ id: number }> {
  const { trx, by } = change
  const person = await findPersonToTellOf(trx, by, personId)
  if (!person) throw new NotFound()
  const quotation = await trx
    .insertInto('quotations')
    .values({
      ...{ organisation_id: by.organisationId, service_user_id: person.id, words, speaker },
      ...{ agreed_on: agreedOn, agreed_how: agreedHow, written_at: change.now(), written_by: by.staffId },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  tell(change, 'quotation:written', { id: quotation.id, service_user_id: person.id }, { speaker, agreedOn, agreedHow })
  return quotation
}

/** From now on the words are shown. Refuses (RuleBroken) what one wrote down oneself, and (Stale) what was decided meanwhile. */
export async function approveQuotation(change: Change, id: number): Promise<void> {
  const quotation = await decide(change, id, { decision: 'approved' })
  tell(change, 'quotation:approved', quotation)
}

/** The words are not shown, and whoever wrote them down reads why. Refuses as {@link approveQuotation} does. */
export async function refuseQuotation(change: Change, id: number, because: string): Promise<void> {
  const quotation = await decide(change, id, { decision: 'refused', refused_because: because })
  tell(change, 'quotation:refused', quotation)
}

async function decide(
  change: Change,
  id: number,
  values: { decision: 'approved' } | { decision: 'refused'; refused_because: string },
): Promise<FoundQuotation> {
  const quotation = await lockOr404(change, id)
  if (quotationState(quotation) !== 'waiting') {
    throw new Stale('Somebody decided about these words, or took them back, after you opened them.')
  }
  if (quotation.written_by === change.by.staffId) {
    throw new RuleBroken('You wrote these words down yourself. Somebody else reads them and decides.')
  }
  await change.trx
    .updateTable('quotations')
    .set({ ...values, decided_at: change.now(), decided_by: change.by.staffId })
    .where('id', '=', id)
    .execute()
  return quotation
}

/** The words are gone, here and wherever they were shown. Refuses (Stale) what was taken back already. */
export async function takeQuotationBack(change: Change, id: number): Promise<void> {
  const quotation = await lockOr404(change, id)
  if (quotation.taken_back_at !== null) throw new Stale('These words were taken back already.')
  await change.trx
    .updateTable('quotations')
    .set({ words: '', refused_because: '', taken_back_at: change.now(), taken_back_by: change.by.staffId })
    .where('id', '=', id)
    .execute()
  tell(change, 'quotation:taken-back', quotation)
}

async function lockOr404({ trx, by }: Change, id: number): Promise<FoundQuotation> {
  const quotation = await lockQuotation(trx, by, id)
  if (!quotation) throw new NotFound()
  return quotation
}

function tell(
  change: Change,
  verb: string,
  { id, service_user_id }: { id: number; service_user_id: number },
  details: Record<string, unknown> = {},
): void {
  change.audit({ verb, subject: ['quotation', id], serviceUserId: service_user_id, details })
}
