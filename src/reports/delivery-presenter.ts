import { barPicture } from '../lib/bar-picture.ts'
import { formatInstant } from '../lib/dates.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { Page, RadiosField } from '../lib/view-model.ts'
import { reportsUrl } from './definition-rules.ts'
import type { DeliveryWords } from './delivery-rules.ts'
import { deliveries, type Every } from './delivery-rules.ts'
import { documentOf } from './document-rules.ts'
import type { Period } from './period-rules.ts'
import { presentReport, type ReportShown } from './presenter.ts'

export type DeliveryPage = Page & { email: string; every: RadiosField }

/** The form by which somebody has the published numbers sent to them. */
export function presentDelivery(email: string, every: Every, { values, errors }: FormShown = {}): DeliveryPage {
  return {
    title: 'Reports by email',
    back: { href: reportsUrl, text: 'Reports' },
    errors,
    email,
    every: formFields({ values: values ?? { every }, errors }).radios(
      'every',
      'How often do you want them?',
      Object.entries(deliveries).map(([value, text]) => ({ value, text })),
      { labelSize: 'm' },
    ),
  }
}

interface PublishedReport extends Pick<ReportShown, 'name' | 'period' | 'now'> {
  made: NonNullable<ReportShown['made']>
}

/** What an email says of the reports of a period, and the page that goes with it, which reads and prints without us. */
export function writeDelivery(
  reports: readonly PublishedReport[],
  organisation: string,
): { answers: DeliveryWords['answers']; page: string } {
  const shown = reports.map((report) => ({
    ...presentReport({ ...report, offered: [] }),
    picture: report.made.report.chart ? barPicture(report.made.report.chart, 'wide') : null,
  }))
  const { period, now } = reports[0] as { period: Period; now: Date }
  return {
    answers: shown.map(({ title, answer }) => ({ question: title, answer })),
    page: documentOf({ organisation, period: period.name, written: formatInstant(now), reports: shown }),
  }
}
