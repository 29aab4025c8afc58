/** Family and friends who support somebody: what that person agreed to, and what follows from it. */
export interface SupporterAnswers {
  name: string
  relation: string
  phone: string
  email: string
  consent: string
  consent_on: string | null
  may_be_told: string[]
}

export const consents: readonly { value: string; text: string; hint?: string }[] = [
  { value: 'given', text: 'Yes, they agree' },
  { value: 'refused', text: 'No, they do not agree', hint: 'Tell this person nothing, also if they ring' },
  { value: 'not-asked', text: 'Not asked yet', hint: 'Tell this person nothing until they agree' },
]

export const mayBeTold: readonly { value: string; text: string }[] = [
  { value: 'appointments', text: 'Appointments and calls' },
  { value: 'devices', text: 'Devices and data' },
  { value: 'training', text: 'Training and trial-run calls' },
  { value: 'everything', text: 'Everything we help with' },
]

/** What may be said to a supporter, in a sentence. `day`: when it was agreed, in words. */
export function consentText({ consent, may_be_told }: Pick<SupporterAnswers, 'consent' | 'may_be_told'>, day: string) {
  if (consent === 'refused') return 'The person does not agree: tell them nothing'
  if (consent !== 'given') return 'Not asked yet: tell them nothing'
  const told = mayBeTold.filter(({ value }) => may_be_told.includes(value)).map(({ text }) => text.toLowerCase())
  return `May be told about: ${told.join(', ') || 'nothing so far'}. Agreed on ${day}`
}
