import { accepted, type FieldError, type Parsed, rejected, type Typed, typedValues, versionOf } from '../lib/fields.ts'
import { cleanLine, isLongerThan } from '../lib/text.ts'
import { agreementErrors, agreementOf, type LendForm } from './lend-form.ts'
import { lineIdsOf } from './lines-form.ts'
import { needsCharger } from './rules.ts'
import { goUnwiped, type TransferLine, unexplained } from './transfer-rules.ts'

export interface TransferForm {
  lineIds: number[]
  version: number
  agreement: LendForm['agreement']
  unwipedReason: string | null
  withoutCharger: boolean
  unsupportedReason: string | null
}

function transferValues(body: unknown): Typed {
  return typedValues(body, ['agreement', 'witness', 'unwiped-reason', 'without-charger', 'unsupported-reason'])
}

/** Reads what goes to somebody else, and what has to be said about it. Gives every mistake at once. */
export function parseTransfer(
  body: unknown,
  lines: TransferLine[],
  { fromWard, toWard }: { fromWard: boolean; toWard: boolean },
): Parsed<TransferForm> {
  const values = transferValues(body)
  const lineIds = lineIdsOf(body)
  const chosen = lines.filter(({ id }) => lineIds.includes(id))
  const errors: FieldError[] = lineIds.length === 0 ? [{ field: 'line', text: 'Choose at least one item' }] : []
  const unwiped = goUnwiped(chosen, fromWard, toWard)
  errors.push(...reasonErrors(values, 'unwiped-reason', unwiped, 'goes on without being wiped'))
  if (needsCharger(chosen) && values['without-charger'] !== 'yes') {
    errors.push({ field: 'without-charger', text: 'Confirm that they have a charger' })
  }
  errors.push(...reasonErrors(values, 'unsupported-reason', unexplained(chosen), 'is lent although its updates end'))
  if (!toWard) errors.push(...agreementErrors(values))
  if (errors.length > 0) return rejected(errors, values)
  return accepted(
    {
      lineIds,
      version: versionOf(body),
      agreement: toWard ? null : agreementOf(values),
      unwipedReason: unwiped.length > 0 ? cleanLine(values['unwiped-reason']) : null,
      withoutCharger: values['without-charger'] === 'yes',
      unsupportedReason: cleanLine(values['unsupported-reason']) || null,
    },
    values,
  )
}

function reasonErrors(values: Typed, field: string, lines: { tag: string }[], what: string): FieldError[] {
  const reason = cleanLine(values[field])
  const tags = lines.map(({ tag }) => tag).join(', ')
  if (lines.length > 0 && reason === '') return [{ field, text: `Say why ${tags} ${what}` }]
  return isLongerThan(reason, 500) ? [{ field, text: 'The reason must be 500 characters or less' }] : []
}
