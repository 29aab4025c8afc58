import { accepted, type FieldError, fieldText, fieldTexts, type Parsed, rejected, type Typed } from '../lib/fields.ts'
import { cleanText, isLongerThan } from '../lib/text.ts'
import {
  isStep,
  isWipeMethod,
  missingBefore,
  remaining,
  type Step,
  stepsFor,
  stepText,
  type TickedStep,
  type WipeMethod,
} from './rules.ts'

const mostCharacters = 500

/** The sheet as it was sent in: what was ticked, to be shown again as it was. */
export type ParsedSteps = Parsed<TickedStep[]> & { ticked: Step[] }

/**
 * Reads what was ticked, of the steps this category needs that were not done before. A step whose time has not come is
 * refused at its own box. Nothing ticked is right only where nothing is left to tick.
 */
export function parseSteps(body: unknown, category: string, done: readonly string[], hasData = false): ParsedSteps {
  const steps = stepsFor(category, hasData)
  const asked = fieldTexts(body, 'steps').filter(isStep)
  const ticked = steps.filter((step) => asked.includes(step))
  const left = remaining(steps, done)
  const fresh = ticked.filter((step) => left.includes(step))
  const values = {
    'wipe-method': fieldText(body, 'wipe-method'),
    'wipe-reason': cleanText(fieldText(body, 'wipe-reason')),
  }

  const errors = fresh.flatMap((step) => {
    const missing = missingBefore(step, steps, [...done, ...ticked])
    return missing.length === 0 ? [] : [{ field: boxOf(step, left), text: orderText(step, missing) }]
  })
  if (ticked.length === 0 && left.length > 0) errors.push({ field: 'steps', text: 'Tick at least one step' })
  if (fresh.includes('wiped')) errors.push(...wipeErrors(values))
  if (errors.length > 0) return { ...rejected(errors, values), ticked }
  return {
    ...accepted(
      fresh.map((step) => tick(step, values)),
      values,
    ),
    ticked,
  }
}

/** The id of a step's box among those that are left to tick: see views/components/checkboxes.hbs. */
function boxOf(step: Step, left: Step[]): string {
  const place = left.indexOf(step)
  return place === 0 ? 'steps' : `steps-${place}`
}

function orderText(step: Step, missing: Step[]): string {
  return `Do “${missing.map(stepText).join('” and “')}” before “${stepText(step)}”`
}

function wipeErrors(values: Typed): FieldError[] {
  const method = values['wipe-method'] ?? ''
  const reason = values['wipe-reason'] ?? ''
  if (!isWipeMethod(method)) return [{ field: 'wipe-method', text: 'Choose how it was wiped' }]
  if (method !== 'not-needed') return []
  if (reason === '') return [{ field: 'wipe-reason', text: 'Say why no wipe was needed' }]
  if (!isLongerThan(reason, mostCharacters)) return []
  return [{ field: 'wipe-reason', text: `Reason must be ${mostCharacters} characters or less` }]
}

function tick(step: Step, values: Typed): TickedStep {
  if (step !== 'wiped') return { step, method: null, note: '' }
  const method = values['wipe-method'] as WipeMethod
  return { step, method, note: method === 'not-needed' ? (values['wipe-reason'] ?? '') : '' }
}
