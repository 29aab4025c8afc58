/** What data is given as, in the order it is asked. */
export const kinds = [
  { value: 'sim', text: 'SIM card' },
  { value: 'esim', text: 'eSIM' },
  { value: 'voucher', text: 'Voucher' },
  { value: 'hotspot', text: 'Hotspot plan' },
] as const
export type Kind = (typeof kinds)[number]['value']

export const kindNames = Object.fromEntries(kinds.map(({ value, text }) => [value, text])) as Record<Kind, string>

export const periods = [
  { value: 'once', text: 'Once: it is used up' },
  { value: 'month', text: 'Each month' },
  { value: 'week', text: 'Each week' },
  { value: 'day', text: 'Each day' },
] as const
export type Period = (typeof periods)[number]['value']

const periodWords: Readonly<Record<Period, string>> = {
  once: 'once',
  month: 'each month',
  week: 'each week',
  day: 'each day',
}

/** Why it is suspended. Of these `overdue` is there only where the organisation turned it on. */
export const becauseWords = {
  lost: 'The SIM is lost or stolen',
  'loan-ended': 'The loan has ended',
  asked: 'They asked for it, or do not use it',
  overdue: 'The item is overdue, and they were warned',
} as const
export type Because = keyof typeof becauseWords

export const changeWords: Readonly<Record<string, string>> = {
  given: 'gave it',
  'topped-up': 'topped it up',
  suspended: 'suspended it',
  resumed: 'resumed it',
  extended: 'gave it a new last day',
  'sim-replaced': 'replaced the SIM',
  cancelled: 'cancelled it',
  warned: 'warned them that it will be suspended',
}

/** Networks count 1,000 or 1,024. The smaller is taken, so that nothing lasts shorter than we said. */
export const MB_IN_GB = 1_000

/** Made once: it takes longer than a forecast. */
const figures = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 })

/** 20 GB, 1.5 GB, 750 MB. */
export function inWords(megabytes: number): string {
  if (megabytes >= MB_IN_GB && megabytes % 10 === 0) return `${figures.format(megabytes / MB_IN_GB)} GB`
  return `${figures.format(Math.floor(megabytes))} MB`
}

/** What was given: 20 GB each month; 5 GB once; as much as they like. */
export function amountInWords({ megabytes, period }: { megabytes: number | null; period: string }): string {
  return megabytes === null ? 'As much as they like' : `${inWords(megabytes)} ${periodWords[period as Period]}`
}

export function allowanceUrl(id: number, page = ''): string {
  return page === '' ? `/data-allowances/${id}` : `/data-allowances/${id}/${page}`
}
