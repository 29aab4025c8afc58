import type { FieldError } from '../lib/fields.ts'
import { type Refusal, RuleBroken, Stale, Taken } from '../lib/refusals.ts'
import { type Warning, warningsInWords } from '../lib/warnings.ts'
import { DoesNotFit } from './check-actions.ts'

/** Why a time was refused, in words beside it; and what one may go on in spite of. Anything else is no refusal, and thrown on. */
export function explainTime(error: unknown): { refusal: Refusal; why: { errors: FieldError[]; warnings?: Warning[] } } {
  if (!(error instanceof Taken || error instanceof RuleBroken || error instanceof Stale)) throw error
  const of = (text: string) => ({ refusal: error, why: { errors: [{ field: 'at', text }] } })
  if (error instanceof Stale) return of(STALE)
  if (!(error instanceof DoesNotFit)) return of(error.message)
  const { errors, warnings } = error.checked
  if (errors.length > 0) return { refusal: error, why: { errors } }
  const text = warningsInWords(warnings, 'Choose another time')
  return { refusal: error, why: { warnings, errors: [{ field: 'at', text }] } }
}

const STALE = 'Somebody changed this after you opened it. Look at it again before you move it'
