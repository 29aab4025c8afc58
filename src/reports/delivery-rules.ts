import { reportsUrl } from './definition-rules.ts'

/** How often somebody has the published numbers sent to them. */
export const deliveries = {
  month: 'Each month',
  quarter: 'Each quarter',
  none: 'Do not send them',
} as const
export type Every = keyof typeof deliveries

export const isEvery = (word: string): word is Every => Object.hasOwn(deliveries, word)

export const byEmailUrl = `${reportsUrl}/by-email`

/** An email that came too late to be of use: the next one is out by then. */
export const DAYS_OF_USE = 14

export interface DeliveryWords {
  name: string
  organisation: string
  period: string
  /** Each report's question, with what its numbers answer. */
  answers: readonly { question: string; answer: readonly string[] }[]
  publicUrl: string
}

/** What the email says. Its subject stands on screens that others see, and names nobody. */
export function deliveryText({ name, organisation, period, answers, publicUrl }: DeliveryWords): {
  subject: string
  body: string
} {
  const paragraphs = [
    `Hello ${name},`,
    `The numbers of ${organisation} for ${period} have come out. Small numbers are hidden, so that nobody can be known by them.`,
    ...answers.map(({ question, answer }) => [question, ...answer].join('\n')),
    'The page that comes with this email has every table and chart, and says how each number is counted. It can be printed.',
    `See them here: ${publicUrl}${reportsUrl}`,
    `You chose to have them sent. Choose again here: ${publicUrl}${byEmailUrl}`,
  ]
  return { subject: `Reports for ${period}`, body: paragraphs.join('\n\n') }
}
